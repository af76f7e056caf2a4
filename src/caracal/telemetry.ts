import { brand, isBranded } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { ConfigurationError, type Finding, invalidValue, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { whenKnown } from '../core/deferred-checks';
import { compose, nameValue, type Value } from '../core/value';
import type { Peer } from '../network/peer';
import { Port } from '../network/port';
import { TELEMETRY_MAKING } from './makings';

/** An OpenTelemetry collector. */
export interface OtlpProps {
  /** Host of the collector, as pods resolve it: `otel-collector.observability`. */
  readonly host: Value<string>;
  /**
   * Port of its OTLP/HTTP receiver. The gRPC port 4317 is refused: the services speak HTTP only (caracal W11).
   * @default 4318
   */
  readonly port?: number;
  /** Where the collector is, for the network policies. */
  readonly peer: Peer;
}

const CHECKS: Checks<OtlpProps> = { host: check.textValue, port: check.count, peer: check.any };

/** Where traces go. Immutable. */
export class Telemetry {
  static {
    brand(this, 'Telemetry', TELEMETRY_MAKING);
  }

  /**
   * Sends traces to a collector, as OTLP over HTTP.
   *
   * @throws ConfigurationError `caracal/invalid-telemetry` for a host that is none, for port 4317 and for a peer that is nobody.
   */
  public static otlp(props: OtlpProps): Telemetry {
    requireShape('Telemetry.otlp', props, CHECKS);
    const { host, port = 4318, peer } = props;
    nameValue(host, 'Telemetry.otlp.host');
    const [hostProblem] = host === undefined ? hostProblems(host) : whenKnown(host, hostProblems);
    if (hostProblem !== undefined) {
      throw new ConfigurationError('Telemetry.otlp', [hostProblem]);
    }
    if (port === 4317) {
      refuse(
        'port',
        port,
        'this is the gRPC port, and the services speak HTTP only',
        '4318, or wherever the HTTP receiver listens',
      );
    }
    if (!isBranded<Peer>(peer, 'Peer') || peer.isNobody) {
      refuse('peer', peer, 'no policy would let the pods reach the collector', 'peer: Peer.namespace("observability")');
    }
    return new Telemetry(peer, Port.tcp(port), host);
  }

  private constructor(
    /** Who the collector is. */
    public readonly peer: Peer,
    /** Port of its receiver. */
    public readonly port: Port,
    private readonly host: Value<string>,
  ) {}

  /** Variables of a service. The path stands in the URL: Go takes it as it is, Node adds none when it is there (caracal-addendum.md A3). */
  public env(component: string, mode: string): Record<string, Value<string>> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: compose`http://${this.host}:${String(this.port.number)}/v1/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SERVICE_NAME: `caracal-${component}`,
      OTEL_RESOURCE_ATTRIBUTES: `service.namespace=caracal,deployment.environment=${mode}`,
    };
  }
}

function hostProblems(host: string | undefined): Finding[] {
  return typeof host === 'string' && dnsNameProblem(host) === undefined
    ? []
    : [
        {
          id: 'caracal/invalid-telemetry',
          level: 'error',
          path: 'Telemetry.otlp.host',
          message: 'this is not a host',
          given: show(host),
          allowed: 'a DNS name without scheme, port and path',
          fix: 'correct the property',
        },
      ];
}

function refuse(property: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({
    id: 'caracal/invalid-telemetry',
    path: `Telemetry.otlp.${property}`,
    message,
    given,
    allowed,
    fix: 'correct the property',
  });
}
