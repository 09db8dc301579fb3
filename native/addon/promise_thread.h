// Runs a piece of the core that may take long on a thread of its own.
#pragma once

#include <napi.h>

#include <optional>
#include <utility>

#include "own_thread.h"
#include "promise_job.h"

namespace permafrost::addon {

// For work that hears of the environment's stop, and of which there is little at once: freezes come in turns.
template <typename T>
class PromiseThread final : public OwnThread {
 public:
  static Napi::Promise Run(Napi::Env env, const char* name, typename PromiseJob<T>::Work work,
                           typename PromiseJob<T>::Convert convert, typename PromiseJob<T>::Failed failed = {}) {
    auto* thread = new PromiseThread(env, std::move(work), std::move(convert), std::move(failed));
    const Napi::Promise promise = thread->job_->promise();
    thread->Start(env, name);
    return promise;
  }

 protected:
  void Execute() override { job_->Execute(); }
  void Refuse(Status status) override { job_->Fail(std::move(status)); }
  void Finish(Napi::Env env) override {
    job_->Settle(env);
    // This lives on until its thread is joined, later than whoever waits for the promise goes on.
    job_.reset();
  }

 private:
  PromiseThread(Napi::Env env, typename PromiseJob<T>::Work work, typename PromiseJob<T>::Convert convert,
                typename PromiseJob<T>::Failed failed)
      : job_(std::in_place, env, std::move(work), std::move(convert), std::move(failed)) {}

  std::optional<PromiseJob<T>> job_;
};

}  // namespace permafrost::addon
