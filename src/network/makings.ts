import type { Making } from '../core/brand';
import { code } from '../core/code';
import { fieldsOf, oneOfFields } from '../core/fields';
import { dnsLabelProblem, dnsNameProblem } from '../core/text';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const EXAMPLE_TLS = 'Tls.certManager({ clusterIssuer: "letsencrypt" })';

/** How peers are made of addresses, names, and of what NetworkPolicies say. */
export const PEER_MAKING: Making = {
  example: 'Peer.cidr("10.20.0.0/24")',
  from: (given) => (typeof given === 'string' ? peerOfText(given.trim()) : peerOfFields(given)),
};

function peerOfText(text: string): string | undefined {
  if (/^(?:0\.0\.0\.0\/0|::\/0|internet|any|\*)$/i.test(text)) {
    return 'Peer.internet()';
  }
  if (/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text)) {
    return `Peer.cidr(${code(`${text}/32`)})`;
  }
  if (/^[0-9a-f.:]+\/\d{1,3}$/i.test(text)) {
    return `Peer.cidr(${code(text)})`;
  }
  return dnsLabelProblem(text) === undefined ? `Peer.namespace(${code(text)})` : undefined;
}

function peerOfFields(given: unknown): string | undefined {
  const fields = fieldsOf(given);
  const { cidr = fieldsOf(fields.ipBlock).cidr, namespace, reason } = fields;
  if (typeof cidr === 'string') {
    return peerOfText(cidr);
  }
  const matched = (selector: unknown): unknown => fieldsOf(selector).matchLabels;
  const labels = oneOfFields(fields, 'labels', 'podLabels') ?? matched(fields.podSelector);
  const namespaces = fieldsOf(matched(fields.namespaceSelector));
  const name = namespace ?? namespaces[NAMESPACE_NAME];
  if (labels !== undefined) {
    return `Peer.pods(${code({ ...(name === undefined ? {} : { namespace: name }), labels })})`;
  }
  if (typeof name === 'string') {
    return `Peer.namespace(${code(name)})`;
  }
  if (Object.keys(namespaces).length > 0) {
    return `Peer.namespaces(${code(namespaces)})`;
  }
  return typeof reason === 'string' ? `Peer.anywhere(${code({ reason })})` : undefined;
}

/** What a port is printed from. */
interface PortFields {
  readonly protocol: string;
  readonly number: number;
  readonly endPort?: number;
}

/** How ports are made of numbers, of `8443/TCP`, and of what pods and Services say. */
export const PORT_MAKING: Making = {
  example: 'Port.tcp(8443)',
  from: (given) => {
    const fields = fieldsOf(given);
    const text = String(oneOfFields(fields, 'port', 'containerPort', 'number', 'targetPort') ?? given);
    const protocol = typeof fields.protocol === 'string' ? fields.protocol : text;
    const [, from, to] = /^(?:(?:tcp|udp)[/:])?(\d{1,5})(?:-(\d{1,5}))?(?:[/:](?:tcp|udp))?$/i.exec(text) ?? [];
    if (from === undefined) {
      return undefined;
    }
    const numbers = [from, to].filter((each) => each !== undefined).map(Number);
    if (numbers.some((number) => number < 1 || number > 65535)) {
      return undefined;
    }
    const isUdp = /udp/i.test(protocol) && to === undefined;
    return `Port.${isUdp ? 'udp' : to === undefined ? 'tcp' : 'tcpRange'}(${numbers.join(', ')})`;
  },
  print: ({ protocol, number, endPort }: PortFields) =>
    endPort === undefined ? `Port.${protocol.toLowerCase()}(${number})` : `Port.tcpRange(${number}, ${endPort})`,
};

/** How an exposure is made of the name of a class, and of what charts call `ingress`. */
export const EXPOSURE_MAKING: Making = {
  example: `Exposure.ingress({ className: "nginx", tls: ${EXAMPLE_TLS} })`,
  from: (given) => {
    const fields = fieldsOf(given);
    if (given === false || given === 'none' || fields.enabled === false) {
      return 'Exposure.none()';
    }
    if (fields.proxy !== undefined) {
      return `Exposure.external({ proxy: ${PEER_MAKING.from?.(fields.proxy) ?? 'Peer.namespace("istio-ingress")'} })`;
    }
    const named = typeof given === 'string' && given !== 'ingress' ? given : undefined;
    const className = oneOfFields(fields, 'className', 'ingressClassName', 'class') ?? named ?? 'nginx';
    const tls = TLS_MAKING.from?.(fields.tls) ?? EXAMPLE_TLS;
    const { annotations } = fields;
    const others = annotations === undefined ? '' : `, annotations: ${code(annotations)}`;
    return typeof className === 'string' && dnsNameProblem(className) === undefined
      ? `Exposure.ingress({ className: ${code(className)}, tls: ${tls}${others} })`
      : undefined;
  },
  print: ({ kind }: { readonly kind: string }) => (kind === 'none' ? 'Exposure.none()' : '...'),
};

/** How certificates are named: by an issuer, or by the Secret that holds one. */
export const TLS_MAKING: Making = {
  example: EXAMPLE_TLS,
  from: (given) => {
    const [only] = Array.isArray(given) ? (given as unknown[]) : [given];
    const fields = fieldsOf(only);
    const secret = oneOfFields(fields, 'secretName', 'existingSecret', 'secret');
    const isName = (name: unknown): name is string => typeof name === 'string' && dnsNameProblem(name) === undefined;
    if (isName(secret)) {
      return `Tls.existingSecret(${code(secret)})`;
    }
    const issuer = oneOfFields(fields, 'clusterIssuer', 'issuer');
    if (isName(issuer)) {
      return `Tls.certManager(${code(fields.clusterIssuer === undefined ? { issuer } : { clusterIssuer: issuer })})`;
    }
    if (!isName(only)) {
      return undefined;
    }
    // Issuers are called after authorities, Secrets after what is in them.
    return /tls|cert|secret/.test(only)
      ? `Tls.existingSecret(${code(only)})`
      : `Tls.certManager(${code({ clusterIssuer: only })})`;
  },
};
