// Runs what nobody waits for, but for the end of the environment, on a worker thread.
#pragma once

#include <napi.h>

#include <functional>
#include <utility>

#include "live_handles.h"

namespace permafrost::addon {

class BackgroundWorker final : public Napi::AsyncWorker {
 public:
  static void Run(Napi::Env env, const char* name, std::function<void()> work) {
    (new BackgroundWorker(env, name, std::move(work)))->Queue();
  }

 protected:
  void Execute() override { work_(); }

 private:
  BackgroundWorker(Napi::Env env, const char* name, std::function<void()> work)
      : Napi::AsyncWorker(env, name), work_(std::move(work)) {}

  std::function<void()> work_;
  Live live_{live_jobs};
};

}  // namespace permafrost::addon
