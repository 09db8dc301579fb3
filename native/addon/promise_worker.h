// Runs a piece of the core on a worker thread and settles a promise with what came of it.
#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <utility>

#include "live_handles.h"
#include "status.h"

namespace permafrost::addon {

// An Error whose `code` is a PermafrostErrorCode; src/native.ts makes it a PermafrostError.
inline Napi::Error ToError(Napi::Env env, const Status& status) {
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Set("code", Napi::String::New(env, std::string(CodeName(status.code()))));
  return error;
}

// Runs what nobody waits for, but for the end of the environment, on a worker thread.
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

// `work` runs on a worker thread and must not touch anything of JavaScript; `convert` runs on the JavaScript thread.
// Both are destroyed on the JavaScript thread, so they may own references to JavaScript values.
template <typename T>
class PromiseWorker final : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result<T>()>;
  using Convert = std::function<Napi::Value(Napi::Env, T)>;
  using Failed = std::function<void(Napi::Env)>;

  // `failed` is called after the promise was rejected.
  static Napi::Promise Run(Napi::Env env, const char* name, Work work, Convert convert, Failed failed = {}) {
    // The worker deletes itself when it is done.
    auto* worker = new PromiseWorker(env, name, std::move(work), std::move(convert), std::move(failed));
    const Napi::Promise promise = worker->deferred_.Promise();
    worker->Queue();
    return promise;
  }

 protected:
  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (const std::bad_alloc&) {  // the core itself throws nothing
      result_.emplace(Status(StatusCode::kOutOfMemory, "memory used up"));
    } catch (const std::exception& error) {
      SetError(error.what());
    }
  }

  void OnOK() override {
    if (!result_->ok()) return Reject(ToError(Env(), result_->status()));
    try {
      deferred_.Resolve(convert_(Env(), std::move(*result_).value()));
    } catch (const Napi::Error& error) {  // JavaScript has run out of memory, or the environment is ending
      Reject(error);
    }
  }

  void OnError(const Napi::Error& error) override { Reject(error); }

 private:
  PromiseWorker(Napi::Env env, const char* name, Work work, Convert convert, Failed failed)
      : Napi::AsyncWorker(env, name),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)),
        failed_(std::move(failed)) {}

  void Reject(const Napi::Error& error) {
    deferred_.Reject(error.Value());
    if (failed_) failed_(Env());
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  Failed failed_;
  std::optional<Result<T>> result_;
  Live live_{live_jobs};
};

}  // namespace permafrost::addon
