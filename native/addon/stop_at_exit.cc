#include "stop_at_exit.h"

#include <cstdint>

#include "addon_data.h"
#include "live_handles.h"
#include "own_thread.h"

namespace permafrost::addon {

namespace {

constexpr auto kStops = "permafrost.stopAtExit";

Napi::Object Process(Napi::Env env) { return env.Global().Get("process").As<Napi::Object>(); }

// By what Node has from 20.16 and 22.3 on: older ones are not among the engines of package.json.
bool IsMainThread(Napi::Env env) {
  const Napi::Object process = Process(env);
  const auto built_in = process.Get("getBuiltinModule").As<Napi::Function>();
  const Napi::Value threads = built_in.Call(process, {Napi::String::New(env, "node:worker_threads")});
  return threads.As<Napi::Object>().Get("isMainThread").ToBoolean();
}

// Of this copy.
void Stop(const Napi::CallbackInfo& info) {
  // Most programs end when all is done, and need not load what tells threads apart.
  if (live_jobs.load() == 0) return;
  if (IsMainThread(info.Env())) {
    AddonData::StopEverywhere();
    return OwnThread::EndAll();
  }
  info.Env().GetInstanceData<AddonData>()->StopAll();
}

// Of all copies.
void OnExit(const Napi::CallbackInfo& info) {
  const auto stops = Process(info.Env()).Get(Napi::Symbol::For(info.Env(), kStops)).As<Napi::Array>();
  for (std::uint32_t i = 0; i < stops.Length(); ++i) stops.Get(i).As<Napi::Function>().Call({});
}

}  // namespace

void StopAtExit(Napi::Env env) {
  Napi::Object process = Process(env);
  const Napi::Symbol key = Napi::Symbol::For(env, kStops);
  if (!process.Has(key)) {
    process.DefineProperty(Napi::PropertyDescriptor::Value(key, Napi::Array::New(env)));
    const auto once = process.Get("once").As<Napi::Function>();
    once.Call(process, {Napi::String::New(env, "exit"), Napi::Function::New<OnExit>(env)});
  }
  auto stops = process.Get(key).As<Napi::Array>();
  stops.Set(stops.Length(), Napi::Function::New<Stop>(env));
}

}  // namespace permafrost::addon
