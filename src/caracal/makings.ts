import type { Making } from '../core/brand';
import { code } from '../core/code';
import { fieldsOf, oneOfFields, wholeNumber } from '../core/fields';
import { dnsNameProblem } from '../core/text';

/** How a release is read. */
export const RELEASE_MAKING: Making = {
  example: 'CaracalRelease.fromManifest(JSON.parse(readFileSync("manifest.json", "utf8")))',
  from: (given) => (given === 'latest' || given === 'newest' ? 'CaracalRelease.newestKnown()' : undefined),
};

const METHODS = ['github', 'google', 'smtp', 'password'] as const;

/** How a way to sign in is made of its name; client ids and secrets are never part of the program. */
export const SIGN_IN_MAKING: Making = {
  example: 'SignIn.github()',
  from: (given) => {
    const fields = fieldsOf(given);
    const named = oneOfFields(fields, 'provider', 'method', 'type', 'name') ?? given;
    const method = METHODS.find(
      (each) =>
        String(named).toLowerCase() === each || fields[each] !== undefined || (each === 'smtp' && 'from' in fields),
    );
    return method === undefined
      ? undefined
      : method === 'smtp'
        ? 'SignIn.smtp({ from: "caracal@example.com", peer: Peer.cidr("10.20.2.0/24") })'
        : `SignIn.${method}()`;
  },
  print: ({ method }: { readonly method: string }) =>
    method === 'smtp' ? 'SignIn.smtp({ ... })' : `SignIn.${method}()`,
};

/** How volumes for replay files are asked for. */
export const REPLAY_MAKING: Making = {
  example: 'ReplayPersistence.persistent()',
  from: (given) => {
    const fields = fieldsOf(given);
    if (given === false || given === 'ephemeral' || fields.enabled === false) {
      return 'ReplayPersistence.ephemeral()';
    }
    const size = fields.size ?? given;
    const storageClass = oneOfFields(fields, 'storageClass', 'storageClassName');
    const settings = {
      ...(typeof size === 'string' && /^\d+[KMGT]i$/.test(size) ? { size } : {}),
      ...(typeof storageClass === 'string' && dnsNameProblem(storageClass) === undefined ? { storageClass } : {}),
    };
    return Object.keys(settings).length === 0 ? undefined : `ReplayPersistence.persistent(${code(settings)})`;
  },
};

/** How a collector is described, of its address or of what exporters are told. */
export const TELEMETRY_MAKING: Making = {
  example: 'Telemetry.otlp({ host: "otel-collector.observability", peer: Peer.namespace("observability") })',
  from: (given) => {
    const fields = fieldsOf(given);
    const address = oneOfFields(fields, 'endpoint', 'url', 'host') ?? given;
    const [, host, port] =
      /^(?:https?:\/\/)?([^\s:/@]+)(?::(\d{1,5}))?(?:\/.*)?$/.exec(typeof address === 'string' ? address : '') ?? [];
    if (host === undefined || dnsNameProblem(host) !== undefined) {
      return undefined;
    }
    // Pods speak OTLP over HTTP; 4317 is the port of gRPC.
    const number = wholeNumber(port);
    const settings = { host, ...(number === undefined || number === 4317 || number === 4318 ? {} : { port: number }) };
    const [, namespace = 'observability'] = host.split('.');
    return `Telemetry.otlp({ ${code(settings).slice(2, -2)}, peer: Peer.namespace("${namespace}") })`;
  },
};
