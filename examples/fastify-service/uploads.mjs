// Takes in a form: the fields become options, the files go to a new folder of their own.
import { createWriteStream } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Of the files of a checkpoint, the names matter: an index finds its shards by them. */
const checkpointName = /^[\w.-]{1,200}\.(index|data-\d{5}-of-\d{5})$/;

/** @returns the folder with the files, and what `freeze` is to be called with. */
export async function takeUpload(request) {
  // As messages name it, so that it can be taken out of them.
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'freeze-'));
  const options = { outputs: '', out: join(folder, 'frozen.pb') };
  try {
    // Of one that is gone already, nothing would ever be heard.
    if (request.raw.destroyed) throw badRequest('The form was cut off.');
    await takeParts(request.parts(), folder, options);
    if (!options.graph || !options.checkpoint) throw badRequest('A graph and the files of a checkpoint are needed.');
    return { folder, options };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function takeParts(parts, folder, options) {
  let failure;
  try {
    for await (const part of parts) {
      if (!failure) failure = await takePart(part, folder, options).catch((error) => error);
      // The rest of the form is dropped: who is still sending does not see the answer.
      if (failure) part.file?.resume();
    }
  } catch (error) {
    // Nobody but the client can mend what is no form, or a part of one.
    throw error.statusCode ? error : badRequest(`The form is broken: ${error.message}.`);
  }
  if (failure) throw failure;
}

async function takePart(part, folder, options) {
  if (part.type === 'file') await takeFile(part, folder, options);
  else if (part.valueTruncated) throw tooLarge(`The field '${part.fieldname}'`);
  else if (part.fieldname === 'outputs') options.outputs = part.value;
  else throw badRequest(`There is no field '${part.fieldname}': graph, checkpoint and outputs are all.`);
}

async function takeFile({ fieldname, filename = '', file }, folder, options) {
  const path = join(folder, nameFor(fieldname, filename));
  // A file with the name of another would replace it.
  await pipeline(file, createWriteStream(path, { flags: 'wx' })).catch((error) => {
    throw error.code === 'EEXIST' ? badRequest(`There are two files '${basename(path)}' in the form.`) : error;
  });
  if (file.truncated) throw tooLarge(basename(path));
  if (fieldname === 'graph') options.graph = path;
  else if (filename.endsWith('.index')) options.checkpoint = path;
}

/** No name that a client sends may lead anywhere else. */
function nameFor(fieldname, filename) {
  if (fieldname === 'graph') return 'graph.pb';
  if (fieldname === 'checkpoint' && checkpointName.test(filename)) return filename;
  throw badRequest(`'${filename}' is no file of a checkpoint: NAME.index and NAME.data-00000-of-00001 are.`);
}

function badRequest(message) {
  return Object.assign(new Error(message), { statusCode: 400 });
}

function tooLarge(what) {
  return Object.assign(new Error(`${what} is larger than it may be.`), { statusCode: 413 });
}
