// A piece of the core whose outcome settles a promise, wherever it runs.
#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "live_handles.h"
#include "status.h"
#include "to_error.h"

namespace permafrost::addon {

// `work` runs on another thread and must not touch anything of JavaScript; `convert` runs on the JavaScript thread.
// Both are destroyed on the JavaScript thread, so they may own references to JavaScript values.
template <typename T>
class PromiseJob {
 public:
  using Work = std::function<Result<T>()>;
  using Convert = std::function<Napi::Value(Napi::Env, T)>;
  using Failed = std::function<void(Napi::Env)>;

  // `failed` is called after the promise was rejected.
  PromiseJob(Napi::Env env, Work work, Convert convert, Failed failed)
      : deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)),
        failed_(std::move(failed)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  // On the other thread.
  void Execute() {
    try {
      result_.emplace(work_());
    } catch (const std::bad_alloc&) {  // the core itself throws nothing
      Fail(Status(StatusCode::kOutOfMemory, "memory used up"));
    } catch (const std::exception& error) {
      bug_ = error.what();
    }
  }

  // In place of `Execute`.
  void Fail(Status status) { result_.emplace(std::move(status)); }

  // On the thread of JavaScript, when it was executed.
  void Settle(Napi::Env env) {
    if (!result_) return Reject(Napi::Error::New(env, bug_));
    if (!result_->ok()) return Reject(ToError(env, result_->status()));
    try {
      deferred_.Resolve(convert_(env, std::move(*result_).value()));
    } catch (const Napi::Error& error) {  // JavaScript has run out of memory, or the environment is ending
      Reject(error);
    }
  }

 private:
  void Reject(const Napi::Error& error) {
    deferred_.Reject(error.Value());
    if (failed_) failed_(error.Env());
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  Failed failed_;
  std::optional<Result<T>> result_;
  std::string bug_;
  Live live_{live_jobs};
};

}  // namespace permafrost::addon
