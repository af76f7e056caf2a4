import type { Construct } from 'constructs';
import { picked } from '../core/checks';
import { postgresPort } from '../data/postgres';
import { redisPort } from '../data/redis';
import { Component } from '../workload/component';
import { COMPONENT_OPTION_CHECKS, type ComponentOptions } from '../workload/options';
import type { ComponentSpec } from '../workload/spec';
import { connect } from './edges';
import type { CaracalCoreServiceProps } from './service';

/** A service with the main database and the streams: api, sts, gateway, audit, coordinator. */
export abstract class CaracalCoreService extends Component {
  constructor(scope: Construct, id: string, spec: ComponentSpec, props: CaracalCoreServiceProps) {
    super(scope, id, spec, picked<ComponentOptions>(props, COMPONENT_OPTION_CHECKS));
    const { postgres, redis, telemetry } = props;
    connect(this, spec.component, 'postgres', postgres.peer, postgresPort(postgres));
    connect(this, spec.component, 'redis', redis.peer, redisPort(redis));
    if (telemetry !== undefined) {
      connect(this, spec.component, 'collector', telemetry.peer, telemetry.port);
    }
  }
}
