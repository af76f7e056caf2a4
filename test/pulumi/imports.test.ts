jest.setTimeout(60_000);

const mockLoaded: string[] = [];

jest.mock('@pulumi/pulumi', () => {
  mockLoaded.push('@pulumi/pulumi');
  return jest.requireActual<object>('@pulumi/pulumi');
});
jest.mock('@pulumi/kubernetes', () => {
  mockLoaded.push('@pulumi/kubernetes');
  return jest.requireActual<object>('@pulumi/kubernetes');
});

/** The packages of Pulumi that loading an entry point takes. */
async function loadedBy(entry: string): Promise<string[]> {
  mockLoaded.length = 0;
  await jest.isolateModulesAsync(async () => {
    await import(entry);
  });
  return [...new Set(mockLoaded)].sort();
}

describe('users of cdk8s pay nothing for the second engine', () => {
  it.each(['../../src', '../../src/caracal'])('%s loads no package of Pulumi', async (entry) => {
    expect(await loadedBy(entry)).toEqual([]);
  });

  it('the entry point of the engine loads both, or the tests above would prove nothing', async () => {
    expect(await loadedBy('../../src/pulumi')).toEqual(['@pulumi/kubernetes', '@pulumi/pulumi']);
  });
});

describe('where packages are missing', () => {
  const notInstalled = (name: string) => (): never => {
    throw new Error(`Cannot find module '${name}'`);
  };

  it('the entry point names them all before the import of one fails with less to say', async () => {
    const load = jest.isolateModulesAsync(async () => {
      for (const name of ['@pulumi/pulumi', '@pulumi/kubernetes']) {
        jest.doMock(name, notInstalled(name));
        jest.doMock(`${name}/package.json`, notInstalled(name));
      }
      await import('../../src/pulumi');
    });
    await expect(load).rejects.toMatchObject({
      name: 'ConfigurationError',
      findings: [
        { id: 'pulumi/missing-package', path: '@pulumi/pulumi' },
        { id: 'pulumi/missing-package', path: '@pulumi/kubernetes' },
      ],
    });
  });
});
