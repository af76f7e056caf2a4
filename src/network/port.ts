import { brand } from '../core/brand';
import { invalidValue } from '../core/errors';
import type { NetworkPolicyPort } from '../core/kubernetes';
import { PORT_MAKING } from './makings';

/** Transport protocols that Kubernetes knows. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** A port, or a range of ports, of a pod, with its protocol. */
export class Port {
  static {
    brand(this, 'Port', PORT_MAKING);
  }

  /**
   * A TCP port.
   *
   * @param number 1 to 65535.
   * @throws ConfigurationError `network/invalid-port` for any other number.
   */
  public static tcp(number: number): Port {
    return new Port('Port.tcp', 'TCP', number);
  }

  /**
   * A UDP port.
   *
   * @param number 1 to 65535.
   * @throws ConfigurationError `network/invalid-port` for any other number.
   */
  public static udp(number: number): Port {
    return new Port('Port.udp', 'UDP', number);
  }

  /**
   * All TCP ports from one number to another, both included.
   *
   * @throws ConfigurationError `network/invalid-port` for numbers outside 1 to 65535 and for a range that runs backwards.
   */
  public static tcpRange(from: number, to: number): Port {
    if (to === undefined) {
      invalidPort('Port.tcpRange', to, 'the range has no end');
    }
    return new Port('Port.tcpRange', 'TCP', from, to);
  }

  private constructor(
    factory: string,
    /** Transport protocol. */
    public readonly protocol: Protocol,
    /** The port, or the first of the range. */
    public readonly number: number,
    /** Last port of a range; absent for a single port. */
    public readonly endPort?: number,
  ) {
    for (const each of endPort === undefined ? [number] : [number, endPort]) {
      if (!Number.isInteger(each) || each < 1 || each > 65535) {
        invalidPort(factory, each, 'this is not a port number');
      }
    }
    if (endPort !== undefined && endPort < number) {
      invalidPort(factory, endPort, `the range starts at ${number} and ends before it`);
    }
  }

  /** Text that is equal for equal ports: `TCP/8080`, `TCP/30000-32767`. */
  public toString(): string {
    return `${this.protocol}/${this.number}${this.endPort === undefined ? '' : `-${this.endPort}`}`;
  }

  /** The port as a NetworkPolicy writes it. */
  public toPolicyPort(): NetworkPolicyPort {
    return {
      protocol: this.protocol,
      port: this.number,
      ...(this.endPort === undefined ? {} : { endPort: this.endPort }),
    };
  }
}

function invalidPort(path: string, given: unknown, message: string): never {
  return invalidValue({
    id: 'network/invalid-port',
    path,
    message,
    given,
    allowed: 'whole numbers from 1 to 65535',
    fix: 'use the port that the pod listens on',
  });
}
