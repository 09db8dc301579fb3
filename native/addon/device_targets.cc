#include "device_targets.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "devices/plugin.h"
#include "devices/registry.h"
#include "tensor/dtype.h"
#include "to_error.h"

namespace permafrost::addon {

namespace {

// Throws what the core failed with.
template <typename T>
T ValueOf(Napi::Env env, Result<T> result) {
  if (!result.ok()) throw ToError(env, result.status());
  return std::move(result).value();
}

Napi::Array Describe(Napi::Env env, const std::vector<const devices::Target*>& targets) {
  auto all = Napi::Array::New(env, targets.size());
  for (std::uint32_t i = 0; i < targets.size(); ++i) {
    const devices::Target& target = *targets[i];
    Napi::Object description = Napi::Object::New(env);
    description["name"] = target.name();
    description["deviceType"] = target.device_type();
    description["isHost"] = target.is_host();
    description["refuses"] = target.refuses();
    description["plugin"] = target.plugin().empty() ? env.Undefined() : Napi::String::New(env, target.plugin());
    all.Set(i, description);
  }
  return all;
}

// The target that the first argument names; the second is a number.
const devices::Target& TargetOf(const Napi::CallbackInfo& info, const char* call) {
  if (!info[0].IsString() || !info[1].IsNumber()) throw Napi::TypeError::New(info.Env(), call);
  return *ValueOf(info.Env(), devices::FindTarget(info[0].As<Napi::String>().Utf8Value()));
}

}  // namespace

Napi::Value DeviceTargets(const Napi::CallbackInfo& info) { return Describe(info.Env(), devices::Targets()); }

Napi::Value LoadDevicePlugin(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "loadDevicePlugin(path: string)");
  const std::string path = info[0].As<Napi::String>().Utf8Value();
  return Describe(info.Env(), ValueOf(info.Env(), devices::LoadPlugin(path)));
}

Napi::Value DeviceString(const Napi::CallbackInfo& info) {
  const devices::Target& target = TargetOf(info, "deviceString(target: string, index: number)");
  const auto index = info[1].As<Napi::Number>().Uint32Value();
  return Napi::String::New(info.Env(), ValueOf(info.Env(), target.DeviceString(index)));
}

Napi::Value WantedConstant(const Napi::CallbackInfo& info) {
  const devices::Target& target = TargetOf(info, "wantedConstant(target: string, dtype: number)");
  const auto dtype = info[1].As<Napi::Number>().Int32Value();
  if (!IsKnown(static_cast<DataType>(dtype))) {
    throw Napi::RangeError::New(info.Env(), "no DataType has the number " + std::to_string(dtype));
  }
  const devices::ConstantWish wish = ValueOf(info.Env(), target.WishFor(dtype));
  Napi::Object object = Napi::Object::New(info.Env());
  object["dtype"] = wish.dtype;
  object["alignment"] = wish.alignment;
  return object;
}

}  // namespace permafrost::addon
