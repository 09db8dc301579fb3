#include "plan/damage_search.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint_object.h"
#include "damage_search.h"
#include "promise_worker.h"

namespace permafrost::addon {

namespace {

Napi::Value ToArray(Napi::Env env, const std::vector<Damage>& damage) {
  auto all = Napi::Array::New(env, damage.size());
  for (std::uint32_t i = 0; i < damage.size(); ++i) {
    Napi::Object each = Napi::Object::New(env);
    each["row"] = Napi::Number::New(env, damage[i].entry);
    each["code"] = Napi::String::New(env, std::string(CodeName(damage[i].status.code())));
    each["message"] = Napi::String::New(env, damage[i].status.message());
    all.Set(i, each);
  }
  return all;
}

// The thread of JavaScript owns it, and lends the search to the worker threads.
struct SearchHandle {
  Stop stop;
  std::shared_ptr<DamageSearch> search;  // null once it is closed

  DamageSearch& Opened(Napi::Env env) const {
    if (search == nullptr) throw Napi::Error::New(env, "the search is closed");
    return *search;
  }
};

Napi::Value Step(const Napi::CallbackInfo& info, const SearchHandle& handle) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "step(threads: number)");
  handle.Opened(info.Env());
  return PromiseWorker<bool>::Run(
      info.Env(), "permafrost.searchDamage",
      [search = handle.search, threads = info[0].As<Napi::Number>().Uint32Value()] { return search->Step(threads); },
      [](Napi::Env at, bool is_more) -> Napi::Value { return Napi::Boolean::New(at, is_more); });
}

}  // namespace

Napi::Value OpenDamageSearch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto handle = std::make_shared<SearchHandle>();
  handle->search = std::make_shared<DamageSearch>(CheckpointObject::Borrow(info[0]), handle->stop);

  Napi::Object search = Napi::Object::New(env);
  search["step"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& call) { return Step(call, *handle); });
  search["takeDamage"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& call) {
    return ToArray(call.Env(), handle->Opened(call.Env()).TakeDamage());
  });
  search["bytesRead"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& call) {
    return Napi::Number::New(call.Env(), static_cast<double>(handle->Opened(call.Env()).bytes_read()));
  });
  search["close"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo&) {
    handle->stop.Ask();
    handle->search.reset();
  });
  return search;
}

}  // namespace permafrost::addon
