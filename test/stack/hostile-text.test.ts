import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import {
  Component,
  ConfigurationError,
  OneShotJob,
  Peer,
  type PlatformStack,
  Port,
  Redis,
  SecretSource,
  TrustBundle,
} from '../../src';
import { HOSTILE_TEXTS, hostileText } from '../core/hostile';
import { CERTIFICATE } from '../support/certificates';
import { expand } from '../support/expansion';
import { SERVER_IMAGE, testComponentSpec, testJobContent, testStack } from '../support/ledger';
import type { Manifest } from '../support/manifests';
import { request } from '../secrets/registry';

/** Texts that break naive quoting, and those that a pod spec or YAML 1.1 reads in its own way. */
const TEXTS = [...HOSTILE_TEXTS, '$$', '$$(id)', '$HOME', '=', '<<', '012', '1:20', 'a/b', '-a', 'x'.repeat(64)];

interface Place {
  /** Puts a text into a stack. */
  put(stack: PlatformStack, value: string): void;
  /** Reads the text from the emitted objects. */
  read(objects: readonly Manifest[]): unknown;
}

interface PodLike {
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
    readonly spec: Record<string, unknown> & {
      readonly containers: readonly { readonly env: { name: string; value: string }[] }[];
    };
  };
}

const only = (objects: readonly Manifest[], kind: string): Manifest | undefined =>
  objects.find((each) => each.kind === kind);
const pod = (objects: readonly Manifest[]): PodLike['template'] | undefined =>
  (only(objects, 'Deployment')?.spec as PodLike | undefined)?.template;
const server = (stack: PlatformStack, options: ConstructorParameters<typeof Component>[3]): Component =>
  new Component(stack, 'server', testComponentSpec(), options);
const own = (record: Record<string, unknown> | undefined, key: string): unknown =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

/** Where a user's text goes, and where it comes out. */
const PLACES: Readonly<Record<string, Place>> = {
  'the value of a variable': {
    put: (stack, value) => server(stack, { env: { TEXT: value } }),
    read: (objects) =>
      expand(pod(objects)?.spec.containers[0]?.env.find(({ name }) => name === 'TEXT')?.value ?? 'nothing', {
        id: 'wrong',
      }),
  },
  'the name of a variable': {
    put: (stack, value) => server(stack, { env: { [value]: 'found' } }),
    read: (objects) => pod(objects)?.spec.containers[0]?.env.find(({ value }) => value === 'found')?.name,
  },
  'the value of addEnv': {
    put: (stack, value) => server(stack, {}).addEnv('TEXT', value),
    read: (objects) =>
      expand(pod(objects)?.spec.containers[0]?.env.find(({ name }) => name === 'TEXT')?.value ?? 'nothing', {
        id: 'wrong',
      }),
  },
  'a label value': {
    put: (stack, value) => server(stack, { podLabels: { text: value } }),
    read: (objects) => pod(objects)?.metadata.labels.text,
  },
  'a label key': {
    put: (stack, value) => server(stack, { podLabels: { [value]: 'found' } }),
    read: (objects) => Object.entries(pod(objects)?.metadata.labels ?? {}).find(([, value]) => value === 'found')?.[0],
  },
  'an annotation value': {
    put: (stack, value) => server(stack, { podAnnotations: { text: value } }),
    read: (objects) => pod(objects)?.metadata.annotations.text,
  },
  'an annotation key': {
    put: (stack, value) => server(stack, { podAnnotations: { [value]: 'found' } }),
    read: (objects) =>
      Object.entries(pod(objects)?.metadata.annotations ?? {}).find(([, value]) => value === 'found')?.[0],
  },
  'a node label': {
    put: (stack, value) => server(stack, { nodeSelector: { text: value } }),
    read: (objects) => own(pod(objects)?.spec.nodeSelector as Record<string, string>, 'text'),
  },
  'a priority class': {
    put: (stack, value) => server(stack, { priorityClassName: value }),
    read: (objects) => pod(objects)?.spec.priorityClassName,
  },
  'a ServiceAccount': {
    put: (stack, value) => server(stack, { serviceAccount: { name: value } }),
    read: (objects) => pod(objects)?.spec.serviceAccountName,
  },
  'a mount path': {
    put: (stack, value) =>
      server(stack, { volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: `/mnt/${value}` }] }),
    read: (objects) =>
      (
        pod(objects)?.spec.containers[0] as unknown as { volumeMounts: { mountPath: string }[] } | undefined
      )?.volumeMounts[0]?.mountPath.slice('/mnt/'.length),
  },
  'the revision of the secrets': {
    put: (stack, value) => {
      const { revision = '' } = SecretSource.existing({ name: 'mine', revision: value }).provide(stack, request());
      new Component(stack, 'server', testComponentSpec({ secretsRevision: revision }));
    },
    read: (objects) => pod(objects)?.metadata.annotations['cdk8s-selfhosted/secrets-revision'],
  },
  'the property of a secret store': {
    put: (stack, value) =>
      SecretSource.externalSecrets({
        store: { kind: 'SecretStore', name: 'vault' },
        prefix: '',
        property: value,
      }).provide(stack, request()),
    read: (objects) =>
      (only(objects, 'ExternalSecret')?.spec as { data: { remoteRef: { property: string } }[] } | undefined)?.data[0]
        ?.remoteRef.property,
  },
  'the prefix of a secret store': {
    put: (stack, value) =>
      SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'vault' }, prefix: value }).provide(
        stack,
        request(),
      ),
    read: (objects) =>
      (
        only(objects, 'ExternalSecret')?.spec as { data: { remoteRef: { key: string } }[] } | undefined
      )?.data[0]?.remoteRef.key.slice(0, -'db-password'.length),
  },
  'the host of a database': {
    put: (stack, value) => {
      const { host } = Redis.external({ host: value, peer: Peer.cidr('10.0.0.0/8') }).bind(stack, {
        image: SERVER_IMAGE,
        secretName: 's',
        passwordKey: 'p',
      });
      new Component(stack, 'server', testComponentSpec({ env: { HOST: host } }));
    },
    read: (objects) => pod(objects)?.spec.containers[0]?.env[0]?.value,
  },
  'the comment of a certificate': {
    put: (stack, value) => {
      const { pem = '' } = TrustBundle.fromPem(`${value}\n${CERTIFICATE}`);
      new Component(
        stack,
        'server',
        testComponentSpec({ configFiles: [{ volume: 'ca', mountPath: '/ca', files: { 'ca.crt': pem } }] }),
      );
    },
    read: (objects) => only(objects, 'ConfigMap')?.data?.['ca.crt']?.slice(0, -`\n${CERTIFICATE}`.length),
  },
  'the reason of a flow, which stands in no object': {
    put: (stack, value) =>
      server(stack, {}).connections.allowTo(Peer.cidr('10.0.0.0/8'), { port: Port.tcp(1), reason: value }),
    read: () => undefined,
  },
  'a rerun, which stands in no object but changes the name': {
    put: (stack, value) => new OneShotJob(stack, 'migrate', testJobContent(), { rerun: value }),
    read: () => undefined,
  },
};

/** What came out, or why nothing did. */
function send(
  { put, read }: Place,
  value: string,
): { readonly refused: boolean; readonly arrived: unknown; readonly objects: number } {
  const app = new App();
  const stack = testStack({ profile: 'dev' }, app);
  let yaml: string;
  try {
    put(stack, value);
    yaml = app.synthYaml();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return { refused: true, arrived: undefined, objects: 0 };
    }
    throw error;
  }
  // Through bytes, as a file: half of a surrogate pair would not survive that.
  const written = Buffer.from(yaml, 'utf8').toString('utf8');
  // kubectl reads YAML 1.1, where "yes" and "1:20" are no strings.
  const documents = parseAllDocuments(written, { version: '1.1' });
  const objects = (Array.isArray(documents) ? documents : []).map((document) => document.toJS() as Manifest);
  return { refused: false, arrived: read(objects), objects: objects.length };
}

describe.each(Object.entries(PLACES))('hostile text as %s', (_name, place) => {
  test('arrives intact or is refused with a report, never anything else', () => {
    const inObjects = place.read([]) !== undefined || send(place, 'plain').arrived !== undefined;
    fc.assert(
      fc.property(hostileText, (value) => {
        const { refused, arrived, objects } = send(place, value);
        expect(refused || objects > 0).toBe(true);
        if (!refused && inObjects) {
          expect(arrived).toBe(value);
        }
      }),
      { numRuns: TEXTS.length + 10, examples: TEXTS.map((each) => [each]) },
    );
  });
});

test('harmless text is not refused', () => {
  const refused = Object.entries(PLACES)
    .filter(([, place]) => send(place, 'plain').refused)
    .map(([name]) => name);
  expect(refused).toEqual([]);
});
