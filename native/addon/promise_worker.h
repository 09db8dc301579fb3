// Runs a piece of the core that is soon done on a thread of libuv's pool.
#pragma once

#include <napi.h>

#include <utility>

#include "promise_job.h"

namespace permafrost::addon {

// An environment that ends waits for it before it calls any hook: what takes long is for `PromiseThread`.
template <typename T>
class PromiseWorker final : public Napi::AsyncWorker {
 public:
  static Napi::Promise Run(Napi::Env env, const char* name, typename PromiseJob<T>::Work work,
                           typename PromiseJob<T>::Convert convert) {
    // The worker deletes itself when it is done.
    auto* worker = new PromiseWorker(env, name, std::move(work), std::move(convert));
    const Napi::Promise promise = worker->job_.promise();
    worker->Queue();
    return promise;
  }

 protected:
  void Execute() override { job_.Execute(); }
  void OnOK() override { job_.Settle(Env()); }

 private:
  PromiseWorker(Napi::Env env, const char* name, typename PromiseJob<T>::Work work,
                typename PromiseJob<T>::Convert convert)
      : Napi::AsyncWorker(env, name), job_(env, std::move(work), std::move(convert), {}) {}

  PromiseJob<T> job_;
};

}  // namespace permafrost::addon
