import { Names } from '../core/identity';
import { Postgres } from '../data/postgres';
import { Redis } from '../data/redis';
import { Exposure } from '../network/exposure';
import { Peer } from '../network/peer';
import { Port } from '../network/port';
import { Cluster } from '../platform/cluster';
import { known } from '../core/value';
import type { SecretSource } from '../secrets/secret-source';
import type { CaracalCommonProps, CaracalDevProps, CaracalProductionProps, CaracalStackProps } from './props';
import { CaracalRelease } from './release';
import { ReplayPersistence } from './replay';
import type { SecretFeatures } from './secrets';
import type { EgressTarget } from './sts';

/** The product, as labels and default instance. */
export const PRODUCT = 'caracal';

/** A stack's properties with every default in its place. */
export type CaracalSettings = CaracalCommonProps &
  Pick<CaracalProductionProps, 'cluster'> &
  Required<Pick<CaracalDevProps, 'release' | 'origins' | 'exposure'>> &
  Pick<CaracalDevProps, 'operators'> & {
    readonly profile: CaracalStackProps['profile'];
    readonly signIn: NonNullable<CaracalDevProps['signIn']>;
    readonly postgres: Postgres;
    readonly redis: Redis;
    readonly secrets: SecretSource;
    readonly replayPersistence: ReplayPersistence;
  };

/** Puts the defaults of dev in place; production and rc have every property that they need. */
export function withDefaults(props: CaracalStackProps): CaracalSettings {
  if (props.profile !== 'dev') {
    return { ...props, replayPersistence: props.replayPersistence ?? ReplayPersistence.persistent() };
  }
  return {
    ...props,
    cluster: props.cluster ?? Cluster.kind(),
    release: props.release ?? CaracalRelease.newestKnown(),
    origins: props.origins ?? { console: 'http://localhost:3002', sts: stsUrl(props) },
    signIn: props.signIn ?? [],
    postgres: props.postgres ?? Postgres.inCluster(),
    redis: props.redis ?? Redis.inCluster(),
    exposure: props.exposure ?? Exposure.none(),
    replayPersistence: props.replayPersistence ?? ReplayPersistence.persistent({ size: '1Gi' }),
  };
}

/** Address of the in-cluster STS. */
export function stsUrl(props: Pick<CaracalStackProps, 'instance' | 'names'>): string {
  const identity = { product: PRODUCT, instance: props.instance ?? PRODUCT };
  return `http://${(props.names ?? Names.standard()).of(identity, 'sts')}:8080`;
}

/** Optional keys that the properties ask for. */
export function featuresOf(props: Pick<CaracalStackProps, 'rotation' | 'administration'>): SecretFeatures {
  return {
    kekRotation: props.rotation?.encryptionKey ?? false,
    idempotencyRotation: props.rotation?.idempotencyKey ?? false,
    stsAdmin: props.administration?.sts ?? false,
    auditAdmin: props.administration?.audit ?? false,
    gatewayReload: props.administration?.gatewayReload ?? false,
  };
}

/** The public internet over https, where providers are. */
export const INTERNET: readonly EgressTarget[] = [{ peer: Peer.internet(), port: Port.tcp(443) }];

/**
 * Where the coordinator finds the issuer's keys; nowhere else where the issuer is the in-cluster STS, which it reaches
 * anyway. A public issuer is the stack's own STS behind its proxy: clusters short-cut the way to the load balancer, so
 * the connection ends at the proxy's pods, which no address of the internet stands for.
 */
export function issuerTargets(settings: CaracalSettings): EgressTarget[] {
  const { egress, origins, exposure, cluster } = settings;
  const issuer = known(origins.sts);
  if (issuer === stsUrl(settings)) {
    return [];
  }
  const url = issuer === undefined ? undefined : new URL(issuer);
  const port = Number(url?.port || (url?.protocol === 'http:' ? 80 : 443));
  const proxy = exposure.isPublic ? (exposure.proxy ?? cluster.ingressController) : undefined;
  return [
    egress?.issuer ?? { peer: Peer.internet(), port: Port.tcp(port) },
    ...(proxy === undefined ? [] : [{ peer: proxy, port: cluster.ingressControllerPorts }]),
  ];
}
