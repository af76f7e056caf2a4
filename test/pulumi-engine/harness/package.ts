import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pack, readManifest, ROOT } from '../../packaging/project';

/** The packed package, unpacked: what a user gets from the registry. */
export class InstalledPackage {
  /** Packs the project (`npm run compile` comes first) and unpacks the tarball into a folder. */
  public static into(folder: string): InstalledPackage {
    const target = join(folder, 'package');
    mkdirSync(target);
    const { filename } = pack(folder);
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', target, '--strip-components=1']);
    return new InstalledPackage(target);
  }

  private constructor(private readonly folder: string) {}

  /**
   * Gives a folder the packages that its package.json names, in the project's own versions: links, but for this package,
   * which is copied, since its peers are looked up from where it lies.
   *
   * @throws Error when the package.json does not name this package
   */
  public installInto(project: string): void {
    const own = readManifest(this.folder).name;
    const { dependencies = {}, devDependencies = {} } = readManifest(project);
    const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    if (!names.includes(own)) throw new Error(`${project}/package.json does not depend on ${own}`);
    for (const name of names) {
      const target = join(project, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      if (name === own) execFileSync('cp', ['-R', this.folder, target]);
      else symlinkSync(join(ROOT, 'node_modules', name), target);
    }
  }
}
