import { Engine } from './engine';
import { InstalledPackage } from './package';
import { Project } from './project';
import { PulumiStack } from './stack';

/**
 * A test run that previews a program which never ends, until it is killed; `engine.test.ts` kills it.
 * Its arguments are the folder in which the engine's own folder is made, and that of the programs.
 */
async function main([parentFolder = '', programs = '']: readonly string[]): Promise<void> {
  const engine = new Engine({ parentFolder });
  const project = Project.copy(engine, InstalledPackage.into(engine.folder), programs);
  project.change({ replace: [{ file: 'Pulumi.yaml', from: 'main: values.ts', to: 'main: hangs.ts' }] });
  const stack = await PulumiStack.create(engine, project, 'test');
  await stack.preview();
}

void main(process.argv.slice(2));
