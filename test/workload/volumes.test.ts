import { Component, type ComponentSpec } from '../../src';
import { testCluster, testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { find, mainContainer } from '../support/manifests';

function pod(change: Partial<ComponentSpec>) {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec(change));
  const { template } = find(stack, 'Deployment', 'ledger-server').spec;
  return { stack, spec: template.spec, main: mainContainer(template) };
}

describe('files of Secrets', () => {
  const secretFiles: ComponentSpec['secretFiles'] = [
    {
      volume: 'secrets',
      mountPath: '/run/secrets',
      items: [
        { secretName: 'ledger', key: 'url', path: 'url' },
        { secretName: 'oauth', key: 'id', path: 'oauthId' },
        { secretName: 'ledger', key: 'key', path: 'key' },
      ],
    },
  ];

  test('hold exactly the keys that the component reads, from each Secret, for the group of the pod only', () => {
    expect(pod({ secretFiles }).spec.volumes).toEqual([
      {
        name: 'secrets',
        projected: {
          defaultMode: 0o440,
          sources: [
            {
              secret: {
                name: 'ledger',
                items: [
                  { key: 'key', path: 'key' },
                  { key: 'url', path: 'url' },
                ],
              },
            },
            { secret: { name: 'oauth', items: [{ key: 'id', path: 'oauthId' }] } },
          ],
        },
      },
    ]);
  });

  test('cannot be written', () => {
    expect(pod({ secretFiles }).main.volumeMounts).toEqual([
      { name: 'secrets', mountPath: '/run/secrets', readOnly: true },
    ]);
  });
});

describe('files with known contents', () => {
  const configFiles: ComponentSpec['configFiles'] = [
    { volume: 'rules', mountPath: '/etc/rules', files: { 'b.json': '{}', 'a.json': '[]' } },
    { volume: 'gate', mountPath: '/etc/gate', files: { enabled: '' } },
  ];

  test('come from a ConfigMap of the component', () => {
    expect(find(pod({ configFiles }).stack, 'ConfigMap', 'ledger-server').data).toEqual({
      'a.json': '[]',
      'b.json': '{}',
      enabled: '',
    });
  });

  test('stand in their own folder only, although the ConfigMap is one', () => {
    const { spec, main } = pod({ configFiles });
    expect(spec.volumes).toEqual([
      {
        name: 'rules',
        configMap: {
          name: 'ledger-server',
          defaultMode: 0o440,
          items: [
            { key: 'a.json', path: 'a.json' },
            { key: 'b.json', path: 'b.json' },
          ],
        },
      },
      {
        name: 'gate',
        configMap: { name: 'ledger-server', defaultMode: 0o440, items: [{ key: 'enabled', path: 'enabled' }] },
      },
    ]);
    expect(main.volumeMounts?.map(({ mountPath, readOnly }) => [mountPath, readOnly])).toEqual([
      ['/etc/rules', true],
      ['/etc/gate', true],
    ]);
  });

  test('a component without any has no ConfigMap', () => {
    expect(new Component(testStack(), 'server', testComponentSpec()).configMap).toBeUndefined();
  });
});

describe('space that lives as long as the pod', () => {
  test("has a limit; on the node's disk it counts into the limit of the container, in memory it does not", () => {
    const { spec, main } = pod({
      scratch: [
        { volume: 'tmp', mountPath: '/tmp', size: '1Gi' },
        { volume: 'run', mountPath: '/run/ledger', size: '16Mi', medium: 'memory' },
      ],
    });
    expect(spec.volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'run', emptyDir: { sizeLimit: '16Mi', medium: 'Memory' } },
    ]);
    expect(main.volumeMounts).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'run', mountPath: '/run/ledger' },
    ]);
    expect(main.resources?.limits).toMatchObject({ 'ephemeral-storage': '1536Mi' });
  });

  test('without any, the limit leaves room for logs', () => {
    expect(pod({}).main.resources?.limits).toMatchObject({ 'ephemeral-storage': '512Mi' });
  });
});

describe('space that outlives the pod', () => {
  function claims(change: Partial<ComponentSpec>, storageClass?: string) {
    const stack = testStack({ cluster: testCluster(storageClass === undefined ? {} : { storageClass }) });
    new Component(stack, 'store', testStatefulSpec(change));
    const { spec } = find(stack, 'StatefulSet', 'ledger-store');
    return { claims: spec.volumeClaimTemplates, mounts: mainContainer(spec.template).volumeMounts };
  }

  test('is a claim per replica, mounted where the data is kept', () => {
    expect(claims({})).toEqual({
      claims: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '10Gi' } },
            volumeMode: 'Filesystem',
          },
        },
      ],
      mounts: [{ name: 'data', mountPath: '/var/lib/ledger' }],
    });
  });

  test("has the class of the component, or else the cluster's", () => {
    const own = [{ volume: 'data', mountPath: '/d', size: '1Gi', storageClass: 'fast' } as const];
    expect(claims({}, 'standard').claims?.[0]?.spec?.storageClassName).toBe('standard');
    expect(claims({ storage: own }, 'standard').claims?.[0]?.spec?.storageClassName).toBe('fast');
  });

  test('is not there where the component keeps nothing', () => {
    expect(claims({ storage: [] }).claims).toBeUndefined();
  });
});

describe('certificates of private authorities', () => {
  test('are one file of a ConfigMap, read-only', () => {
    const { spec, main } = pod({
      trust: { configMap: 'ca-bundle', key: 'ca.crt', folder: '/etc/trust', file: '/etc/trust/ca.crt' },
    });
    expect(spec.volumes).toEqual([
      { name: 'trust', configMap: { name: 'ca-bundle', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ]);
    expect(main.volumeMounts).toEqual([{ name: 'trust', mountPath: '/etc/trust', readOnly: true }]);
  });
});
