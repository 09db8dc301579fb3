// The addon's surface; src/native.ts declares each function with its contract.
#include <napi.h>

#include <string>

#include "addon_data.h"
#include "channel_maxima.h"
#include "checkpoint_object.h"
#include "cpu/level.h"
#include "damage_search.h"
#include "device_targets.h"
#include "live_handles.h"
#include "payload_stream.h"
#include "place_nodes.h"
#include "stop_at_exit.h"
#include "write_plan.h"

namespace permafrost::addon {

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  if (const std::string problem = cpu::LimitProblem(); !problem.empty()) throw Napi::Error::New(env, problem);
  auto* data = new AddonData;
  env.SetInstanceData(data);  // which deletes it with the environment, after the hook
  env.AddCleanupHook([](AddonData* ending) { ending->StopAll(); }, data);
  StopAtExit(env);
  data->checkpoint_class = Napi::Persistent(CheckpointObject::Define(env));

  exports["openBundle"] = Napi::Function::New<CheckpointObject::OpenBundle>(env, "openBundle");
  exports["openV1"] = Napi::Function::New<CheckpointObject::OpenV1>(env, "openV1");
  exports["emptyCheckpoint"] = Napi::Function::New<CheckpointObject::Empty>(env, "emptyCheckpoint");
  exports["channelMaxima"] = Napi::Function::New<StartChannelMaxima>(env, "channelMaxima");
  exports["payloadStream"] = Napi::Function::New<OpenPayloadStream>(env, "payloadStream");
  exports["damageSearch"] = Napi::Function::New<OpenDamageSearch>(env, "damageSearch");
  exports["liveHandles"] = Napi::Function::New<LiveHandles>(env, "liveHandles");
  exports["placeNodes"] = Napi::Function::New<PlaceNodes>(env, "placeNodes");
  exports["writePlan"] = Napi::Function::New<StartWritePlan>(env, "writePlan");
  exports["deviceTargets"] = Napi::Function::New<DeviceTargets>(env, "deviceTargets");
  exports["loadDevicePlugin"] = Napi::Function::New<LoadDevicePlugin>(env, "loadDevicePlugin");
  exports["deviceString"] = Napi::Function::New<DeviceString>(env, "deviceString");
  exports["wantedConstant"] = Napi::Function::New<WantedConstant>(env, "wantedConstant");
  return exports;
}

NODE_API_MODULE(permafrost, Init)

}  // namespace

}  // namespace permafrost::addon
