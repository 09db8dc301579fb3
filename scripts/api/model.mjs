// What the package exports, as API Extractor reads it from the declarations in dist.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { ApiModel } from '@microsoft/api-extractor-model';
import { root } from '../lib/run.mjs';

const off = { enabled: false };

/** TSDoc wants one behind the name of a parameter; the house does without. */
const hyphen = 'tsdoc-param-tag-missing-hyphen';

/** Everything that a user meets, also where only another type of the package names it. */
export function exportedItems() {
  const folder = mkdtempSync(join(tmpdir(), 'permafrost-api-'));
  try {
    const apiJsonFilePath = join(folder, 'permafrost.api.json');
    extract(apiJsonFilePath);
    const [{ members }] = new ApiModel().loadPackage(apiJsonFilePath).entryPoints;
    refuseHiddenTypes(members);
    return members;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A type that another names and that users cannot import; lists of values are only told. */
function refuseHiddenTypes(members) {
  const hidden = members.filter(
    ({ kind, canonicalReference }) => kind !== 'Variable' && `${canonicalReference}`.includes('!~'),
  );
  if (hidden.length === 0) return;
  throw new Error(`src/index.ts should export ${hidden.map(({ displayName }) => displayName).join(', ')} too.`);
}

function extract(apiJsonFilePath) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, 'dist/index.d.ts'),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      apiReport: off,
      docModel: { enabled: true, apiJsonFilePath, includeForgottenExports: true },
      dtsRollup: off,
      tsdocMetadata: off,
    },
    packageJsonFullPath: join(root, 'package.json'),
  });
  const problems = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.category === 'TSDoc' && message.messageId !== hyphen) problems.push(message.text);
    },
  });
  if (problems.length > 0) throw new Error(`doc comments that cannot be read:\n${problems.join('\n')}`);
}

/** The members of a class or an interface in the order of the source, which says what matters most; constructors left out. */
export function membersInOrder({ displayName, fileUrlPath, members }) {
  const source = readFileSync(join(root, fileUrlPath), 'utf8');
  const start = source.search(new RegExp(`(interface|class) ${displayName}\\b`));
  const placeOf = (name) => source.slice(start).search(new RegExp(`^  [\\w\\s*]*${escaped(name)}\\??[:;(<]`, 'm'));
  const named = members.filter(({ kind }) => kind !== 'Constructor');
  return named.toSorted((one, other) => placeOf(one.displayName) - placeOf(other.displayName));
}

function escaped(name) {
  return name.replace(/[^\w]/g, '\\$&');
}
