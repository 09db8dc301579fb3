#include "checkpoint_object.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "addon_data.h"
#include "checkpoint_columns.h"
#include "live_handles.h"
#include "piece_columns.h"
#include "promise_worker.h"
#include "read_payloads.h"

namespace permafrost::addon {

namespace {

// Tells our objects from anything else that may be handed in; a random number, the same in every copy of this version.
constexpr napi_type_tag kCheckpointTag = {0x6f1c2a9be0d84c53, 0x9a71f3d05b2e4c88};

using SharedCheckpoint = std::shared_ptr<const Checkpoint>;

struct CountedCheckpoint {
  SharedCheckpoint checkpoint;
  Live live{live_checkpoints};
};

Napi::Value Wrap(Napi::Env env, SharedCheckpoint opened) {
  const std::shared_ptr<CountedCheckpoint> counted(new CountedCheckpoint{std::move(opened)});
  SharedCheckpoint checkpoint(counted, counted->checkpoint.get());
  const auto external = Napi::External<SharedCheckpoint>::New(env, &checkpoint);
  return env.GetInstanceData<AddonData>()->checkpoint_class.New({external});
}

// `open` runs on a worker thread; it gives the stop to the checkpoint.
Napi::Value Open(Napi::Env env, const char* name, std::function<Result<SharedCheckpoint>(Stop stop)> open) {
  const Stop stop = env.GetInstanceData<AddonData>()->NewStop();
  Napi::Object opening = Napi::Object::New(env);
  opening["done"] =
      PromiseWorker<SharedCheckpoint>::Run(env, name, [open = std::move(open), stop] { return open(stop); }, Wrap);
  opening["abort"] = Napi::Function::New(env, [stop](const Napi::CallbackInfo&) { stop.Ask(); });
  return opening;
}

}  // namespace

Napi::Function CheckpointObject::Define(Napi::Env env) {
  return DefineClass(
      env, "NativeCheckpoint",
      {InstanceMethod<&CheckpointObject::Columns>("columns"),
       InstanceMethod<&CheckpointObject::PayloadSizes>("payloadSizes"),
       InstanceMethod<&CheckpointObject::Payloads>("payloads"), InstanceMethod<&CheckpointObject::Strings>("strings"),
       InstanceMethod<&CheckpointObject::Pieces>("pieces"), InstanceMethod<&CheckpointObject::Close>("close"),
       InstanceMethod<&CheckpointObject::ShardPath>("shardPath"), InstanceAccessor<&CheckpointObject::Prefix>("prefix"),
       InstanceAccessor<&CheckpointObject::ShardCount>("shardCount")});
}

Napi::Value CheckpointObject::OpenBundle(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "openBundle(prefix: string)");
  return Open(info.Env(), "permafrost.openBundle", [prefix = info[0].As<Napi::String>().Utf8Value()](Stop stop) {
    return Checkpoint::OpenBundle(prefix, std::move(stop));
  });
}

Napi::Value CheckpointObject::OpenV1(const Napi::CallbackInfo& info) {
  if (!info[0].IsString() || !info[1].IsArray()) {
    throw Napi::TypeError::New(info.Env(), "openV1(prefix: string, files: string[])");
  }
  const auto array = info[1].As<Napi::Array>();
  std::vector<std::string> files;
  for (std::uint32_t i = 0; i < array.Length(); ++i) files.push_back(array.Get(i).ToString().Utf8Value());
  return Open(info.Env(), "permafrost.openV1",
              [prefix = info[0].As<Napi::String>().Utf8Value(), files = std::move(files)](Stop stop) {
                return Checkpoint::OpenV1(prefix, files, std::move(stop));
              });
}

Napi::Value CheckpointObject::Empty(const Napi::CallbackInfo& info) {
  return Wrap(info.Env(), Checkpoint::Empty(info.Env().GetInstanceData<AddonData>()->NewStop()));
}

std::shared_ptr<const Checkpoint> CheckpointObject::Borrow(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kCheckpointTag)) {
    throw Napi::TypeError::New(value.Env(), "not an open checkpoint");
  }
  return Unwrap(value.As<Napi::Object>())->Opened(value.Env());
}

const SharedCheckpoint& CheckpointObject::Opened(Napi::Env env) const {
  if (checkpoint_ == nullptr) throw Napi::Error::New(env, "the checkpoint is closed");
  return checkpoint_;
}

CheckpointObject::CheckpointObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<CheckpointObject>(info) {
  if (!info[0].IsExternal())
    throw Napi::TypeError::New(info.Env(), "a NativeCheckpoint is made by openBundle or openV1");
  checkpoint_ = *info[0].As<Napi::External<SharedCheckpoint>>().Data();
  info.This().As<Napi::Object>().TypeTag(&kCheckpointTag);
}

Napi::Value CheckpointObject::Columns(const Napi::CallbackInfo& info) {
  return CheckpointColumns(info.Env(), Opened(info.Env())->entries());
}

Napi::Value CheckpointObject::PayloadSizes(const Napi::CallbackInfo& info) {
  return MeasurePayloads(info, Opened(info.Env()));
}

Napi::Value CheckpointObject::Payloads(const Napi::CallbackInfo& info) {
  return ReadPayloads(info, Opened(info.Env()));
}

Napi::Value CheckpointObject::Strings(const Napi::CallbackInfo& info) { return ReadStrings(info, Opened(info.Env())); }

Napi::Value CheckpointObject::Pieces(const Napi::CallbackInfo& info) {
  return PieceColumns(info.Env(), Opened(info.Env())->entries());
}

void CheckpointObject::Close(const Napi::CallbackInfo&) { checkpoint_.reset(); }

Napi::Value CheckpointObject::Prefix(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), Opened(info.Env())->prefix());
}

Napi::Value CheckpointObject::ShardCount(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), Opened(info.Env())->num_shards());
}

Napi::Value CheckpointObject::ShardPath(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "shardPath(shard: number)");
  return Napi::String::New(info.Env(), Opened(info.Env())->ShardPath(info[0].As<Napi::Number>().Uint32Value()));
}

}  // namespace permafrost::addon
