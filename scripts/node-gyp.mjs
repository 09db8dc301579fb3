#!/usr/bin/env node
// What prebuildify takes for node-gyp: it asks for `rebuild --target=… --arch=…`, and cmake-js does it.
import { runTool } from './lib/run.mjs';

const given = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
runTool('cmake-js', ['rebuild', '--arch', given('arch') ?? process.arch]);
