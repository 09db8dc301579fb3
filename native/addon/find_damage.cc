#include "plan/find_damage.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint_object.h"
#include "find_damage.h"
#include "promise_worker.h"

namespace permafrost::addon {

Napi::Value StartFindDamage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsNumber()) {
    throw Napi::TypeError::New(env, "findDamage(checkpoint: NativeCheckpoint, threads: number)");
  }
  auto progress = std::make_shared<SearchProgress>();
  const Napi::Promise done = PromiseWorker<std::vector<Damage>>::Run(
      env, "permafrost.findDamage",
      [checkpoint = CheckpointObject::Borrow(info[0]), threads = info[1].As<Napi::Number>().Uint32Value(), progress] {
        return FindDamage(*checkpoint, threads, *progress);
      },
      [](Napi::Env at, const std::vector<Damage>& damage) {
        auto all = Napi::Array::New(at, damage.size());
        for (std::uint32_t i = 0; i < damage.size(); ++i) {
          Napi::Object each = Napi::Object::New(at);
          each["row"] = Napi::Number::New(at, damage[i].entry);
          each["code"] = Napi::String::New(at, std::string(CodeName(damage[i].status.code())));
          each["message"] = Napi::String::New(at, damage[i].status.message());
          all.Set(i, each);
        }
        return all;
      });
  Napi::Object search = Napi::Object::New(env);
  search["done"] = done;
  search["bytesRead"] = Napi::Function::New(env, [progress](const Napi::CallbackInfo& call) {
    return Napi::Number::New(call.Env(), static_cast<double>(progress->bytes_read.load()));
  });
  search["abort"] = Napi::Function::New(env, [progress](const Napi::CallbackInfo&) { progress->stop.Ask(); });
  return search;
}

}  // namespace permafrost::addon
