// The end of a process, or of a worker, with work under way.
#pragma once

#include <napi.h>

namespace permafrost::addon {

// Has what this environment works at stop when `process` says 'exit'; on the main thread, what all environments work
// at. A process that exits waits for what other threads do, and tells them nothing else before.
//
// Each thread's `process` gets one listener, however many contexts and copies of the package there are. It calls the
// functions, without arguments, of the array `process[Symbol.for('permafrost.stopAtExit')]`: this is all that copies of
// any version have to agree on. Made here, it belongs to the main context, and keeps no other.
void StopAtExit(Napi::Env env);

}  // namespace permafrost::addon
