#include "own_thread.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <system_error>

namespace permafrost::addon {
namespace {

std::mutex mutex;
std::condition_variable ended;
std::size_t running = 0;
bool is_ending = false;

bool MayBegin() {
  const std::lock_guard lock(mutex);
  if (!is_ending) ++running;
  return !is_ending;
}

void End() {
  const std::lock_guard lock(mutex);
  --running;
  ended.notify_all();
}

}  // namespace

void OwnThread::EndAll() {
  std::unique_lock lock(mutex);
  is_ending = true;
  ended.wait(lock, [] { return running == 0; });
}

void OwnThread::Start(Napi::Env env, const char* name) {
  napi_threadsafe_function finished = nullptr;
  const napi_status made =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, name), 0, 1, this,
                                      &OwnThread::OnClosed, this, &OwnThread::OnFinished, &finished);
  if (made != napi_ok) {
    delete this;
    throw Napi::Error::New(env);
  }
  if (!MayBegin()) {
    Refuse(Status(StatusCode::kAborted, "aborted"));
    return Announce(finished);
  }
  try {
    thread_ = std::thread([this, finished] {
      Execute();
      Announce(finished);
      End();
    });
  } catch (const std::system_error& error) {
    End();
    Refuse(Status(StatusCode::kOutOfMemory, "no thread to be had (" + std::string(error.what()) + ")"));
    Announce(finished);
  }
}

void OwnThread::Announce(napi_threadsafe_function finished) {
  // An environment that is ending has let go of it already.
  if (napi_call_threadsafe_function(finished, nullptr, napi_tsfn_nonblocking) == napi_closing) return;
  napi_release_threadsafe_function(finished, napi_tsfn_release);
}

void OwnThread::OnFinished(napi_env env, napi_value, void* self, void*) {
  if (env == nullptr) return;
  try {
    static_cast<OwnThread*>(self)->Finish(Napi::Env(env));
  } catch (const Napi::Error&) {  // NOLINT(bugprone-empty-catch): the environment is ending, and nobody waits any more
  }
}

void OwnThread::OnClosed(napi_env, void* self, void*) {
  auto* ended = static_cast<OwnThread*>(self);
  if (ended->thread_.joinable()) ended->thread_.join();
  delete ended;
}

}  // namespace permafrost::addon
