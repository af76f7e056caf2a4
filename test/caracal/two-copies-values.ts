import { Disruption, Names, Peer, PodSecurity, Port, RegistryMirror, Scaling, TrustBundle } from '../../src';
import { type CaracalStackProps, ReplayPersistence, Telemetry } from '../../src/caracal';
import { caracal, devProps, publishedProps } from './fixture';

/** What one copy of the library makes. The test loads this file twice, each time with the library of its own. */
export { caracal, devProps, Peer, Port };

/** Properties with every kind of value that a stack takes. */
export function everyValue(): CaracalStackProps {
  return publishedProps({
    names: Names.helmRelease('prod', 'caracal'),
    replayPersistence: ReplayPersistence.persistent({ size: '2Gi' }),
    mirror: RegistryMirror.prefix('registry.example.com/mirror'),
    trust: TrustBundle.fromConfigMap({ configMap: 'authorities' }),
    telemetry: Telemetry.otlp({ host: 'otel.example.com', peer: Peer.namespace('observability') }),
    api: { scaling: Scaling.fixed(3), disruption: Disruption.maxUnavailable(1), security: PodSecurity.restricted() },
  });
}
