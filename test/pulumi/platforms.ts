import type { Construct } from 'constructs';
import { Peer, Port, Postgres, Redis, SecretSource, type Value } from '../../src';
import { CaracalStack, type CaracalStackProps, Telemetry } from '../../src/caracal';
import { devProps, POSTGRES, publishedProps } from '../caracal/fixture';

/** Makes a value of a text. */
type MakeValue = (text: string) => Value<string>;

const BUCKET = [{ peer: Peer.cidr('10.60.0.0/24'), port: Port.tcp(443) }];

/** Every property of Caracal that takes a value, with a value of its own; what all profiles have. */
function commonProps(value: MakeValue): object {
  return {
    pods: { env: { TZ: value('Europe/Berlin'), HTTPS_PROXY: value('http://proxy.example.internal:3128') } },
    telemetry: Telemetry.otlp({
      host: value('collector.example.internal'),
      peer: Peer.namespace('observability'),
    }),
    auditExport: {
      bucket: value('evidence-2026'),
      endpoint: value('https://s3.example.internal'),
      targets: BUCKET,
    },
    sts: { env: { EXTRA_ONE: value('one $(TWO) $$'), TWO: value('two') } },
    migration: { env: { EXTRA_THREE: value('three') } },
  };
}

/** Origins, each a value. */
function origins(value: MakeValue): Record<'console' | 'sts' | 'gateway' | 'api', Value<string>> {
  return {
    console: value('https://console.example.com'),
    sts: value('https://sts.example.com'),
    gateway: value('https://gateway.example.com'),
    api: value('https://api.example.com'),
  };
}

/** Production, with each value where one may be. */
export function production(scope: Construct, value: MakeValue, change: object = {}, id = 'caracal'): CaracalStack {
  return new CaracalStack(scope, id, {
    ...publishedProps({
      ...commonProps(value),
      origins: origins(value),
      postgres: Postgres.external({ ...POSTGRES, host: value('pg.example.internal') }),
      redis: Redis.external({ host: value('redis.example.internal'), peer: Peer.cidr('10.20.1.0/24') }),
    }),
    ...change,
  } as CaracalStackProps);
}

/** Dev, with an external database, so that the derived Secret holds the addresses of values. */
export function dev(scope: Construct, value: MakeValue, change: object = {}): CaracalStack {
  return new CaracalStack(scope, 'caracal', {
    ...devProps({
      ...commonProps(value),
      secrets: SecretSource.derivedForDev('an example passphrase'),
      postgres: Postgres.external({ ...POSTGRES, host: value('pg.example.internal') }),
      redis: Redis.external({ host: value('redis.example.internal'), peer: Peer.cidr('10.20.1.0/24') }),
    }),
    ...change,
  } as CaracalStackProps);
}
