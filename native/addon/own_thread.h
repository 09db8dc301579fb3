// A thread of its own for work whose end the thread of JavaScript wants to hear of.
#pragma once

#include <napi.h>

#include <thread>

#include "status.h"

namespace permafrost::addon {

// Deletes itself when all is over. An environment that ends waits for the work of libuv's pool before it calls the hook
// that asks all work to stop, so in the pool that would be done to its last byte. Here the hook comes first, and then
// the environment waits for the thread.
class OwnThread {
 public:
  OwnThread() = default;
  OwnThread(const OwnThread&) = delete;
  OwnThread& operator=(const OwnThread&) = delete;
  virtual ~OwnThread() = default;

  // On the thread of JavaScript, which goes on. Keeps the program alive until the end.
  void Start(Napi::Env env, const char* name);

  // At the end of the process, which would not wait for them: waits for all such threads of all environments, which
  // have been asked to stop, and lets no more begin.
  static void EndAll();

 protected:
  // On the new thread.
  virtual void Execute() = 0;
  // In place of it, on the thread of JavaScript: the system has no more threads, or the process is ending.
  virtual void Refuse(Status status) = 0;
  // On the thread of JavaScript, after one of these; not where the environment ends meanwhile.
  virtual void Finish(Napi::Env env) = 0;

 private:
  // Has `Finish` called, from any thread. Nothing of this may be used any more.
  static void Announce(napi_threadsafe_function finished);
  static void OnFinished(napi_env env, napi_value, void* self, void*);
  // Called once, last, also where the environment ends.
  static void OnClosed(napi_env env, void* self, void*);

  std::thread thread_;
};

}  // namespace permafrost::addon
