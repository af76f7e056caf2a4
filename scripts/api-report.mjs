/**
 * The gate of the public interface: one reviewed report per entry point in `etc/`. Fails on any change of a public
 * signature until `npm run api:update` accepts it. Reads `lib/`, so compile first.
 *
 * Usage: node scripts/api-report.mjs [--update]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ROOT, entryPoints, fail } from './lib/project.mjs';

const update = process.argv.includes('--update');
const quiet = { logLevel: ExtractorLogLevel.None };

function configOf({ name, types }) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, types),
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(ROOT, 'etc'),
        reportTempFolder: join(ROOT, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        // Doc comments, and types that an entry point uses without exporting them, are checked by api-docs.mjs, which
        // knows all entry points at once.
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: { default: quiet },
        tsdocMessageReporting: { default: quiet },
      },
    },
  });
}

mkdirSync(join(ROOT, 'etc'), { recursive: true });
mkdirSync(join(ROOT, 'temp'), { recursive: true });

const changed = [];
for (const entry of entryPoints()) {
  const result = Extractor.invoke(configOf(entry), {
    localBuild: update,
    typescriptCompilerFolder: join(ROOT, 'node_modules', 'typescript'),
    messageCallback: (message) => {
      // Only what is wrong is worth a line; the rest is the tool's own commentary.
      if (message.logLevel === 'error') return;
      message.logLevel = ExtractorLogLevel.None;
    },
  });
  if (result.apiReportChanged) changed.push(`etc/${entry.name}.api.md`);
  if (result.errorCount > 0) fail(`The public interface of ${entry.specifier} could not be read.`);
}

if (changed.length > 0 && !update) {
  fail(
    `The public interface changed: ${changed.join(', ')} (the new report is in temp/).\n` +
      'If the change is meant, run: npm run api:update, review the difference and add a line to CHANGELOG.md',
  );
}
if (update) {
  process.stdout.write(changed.length > 0 ? `Updated ${changed.join(', ')}\n` : 'No change of the interface\n');
}
