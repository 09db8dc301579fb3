// Runs our commands one after the other, each as if it had the process to itself: with its arguments, folder and output. It
// is started by `commands.mjs`, whose messages say what to run.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const output = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr']) {
  process[name].write = (text) => {
    output[name] += text;
    return true;
  };
}
let running = false;

process.on('message', ({ command, args, folder }) => {
  running = true;
  // The wait for the next message must not keep the process from coming to the end of this command.
  process.channel.unref();
  process.chdir(folder);
  process.argv = [process.execPath, command, ...args];
  // A command is a module that runs as it is loaded; what it shares with others stays loaded.
  delete require.cache[require.resolve(command)];
  require(command);
});

// Nothing is left to do: here a process of its own would end. So does this one when nobody is left who would tell it more.
process.on('beforeExit', () => {
  if (!running || !process.connected) return;
  running = false;
  process.channel.ref();
  process.send({ ...output, status: process.exitCode ?? 0 });
  Object.assign(output, { stdout: '', stderr: '' });
  process.exitCode = undefined;
});
