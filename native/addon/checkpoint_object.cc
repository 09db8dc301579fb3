#include "checkpoint_object.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "addon_data.h"
#include "live_handles.h"
#include "piece_columns.h"
#include "plan/payload.h"
#include "promise_thread.h"
#include "promise_worker.h"
#include "tensor_columns.h"
#include "typed_array.h"

namespace permafrost::addon {

namespace {

// Tells our objects from anything else that may be handed in; a random number, the same in every copy of this version.
constexpr napi_type_tag kCheckpointTag = {0x6f1c2a9be0d84c53, 0x9a71f3d05b2e4c88};

using SharedCheckpoint = std::shared_ptr<const Checkpoint>;

template <typename Array, typename Get>
Array Column(Napi::Env env, std::span<const TensorEntry> entries, Get get) {
  Array column = Array::New(env, entries.size());
  for (std::size_t row = 0; row < entries.size(); ++row) column[row] = get(entries[row]);
  return column;
}

// Where each row's part of a ragged column ends.
template <typename Size>
Napi::Uint32Array Ends(Napi::Env env, std::span<const TensorEntry> entries, Size size) {
  std::uint32_t end = 0;
  return Column<Napi::Uint32Array>(
      env, entries, [&](const TensorEntry& entry) { return end += static_cast<std::uint32_t>(size(entry)); });
}

Napi::Uint8Array Keys(Napi::Env env, std::span<const TensorEntry> entries) {
  std::string all;
  for (const TensorEntry& entry : entries) all += entry.key;
  Napi::Uint8Array keys = Napi::Uint8Array::New(env, all.size());
  std::ranges::copy(all, keys.Data());
  return keys;
}

Napi::Float64Array Dims(Napi::Env env, std::span<const TensorEntry> entries) {
  std::vector<double> all;
  for (const TensorEntry& entry : entries) all.insert(all.end(), entry.shape.begin(), entry.shape.end());
  Napi::Float64Array dims = Napi::Float64Array::New(env, all.size());
  std::ranges::copy(all, dims.Data());
  return dims;
}

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
  const Napi::Env env = info.Env();
  const auto entries = Opened(env)->entries();
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  Napi::Object columns = Napi::Object::New(env);
  columns["keys"] = Keys(env, entries);
  columns["keyEnds"] = Ends(env, entries, [](const TensorEntry& entry) { return entry.key.size(); });
  columns["dtypes"] = Column<Napi::Int32Array>(env, entries, [](auto& entry) { return static_cast<int>(entry.dtype); });
  columns["dims"] = Dims(env, entries);
  columns["dimEnds"] = Ends(env, entries, [](const TensorEntry& entry) { return entry.shape.size(); });
  columns["sizes"] = Column<Napi::Float64Array>(env, entries, [&](auto& entry) { return number(entry.size); });
  return columns;
}

namespace {

using Bytes = std::vector<std::byte>;

struct Wanted {
  TensorPart part;
  PayloadForm form;
};

std::vector<Wanted> AllWanted(const Napi::CallbackInfo& info, const char* usage, const Checkpoint& checkpoint) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), usage);
  const TensorColumns columns(info[0].As<Napi::Object>(), checkpoint);
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < columns.count(); ++i) wanted.push_back({columns.Part(i), columns.Form(i)});
  return wanted;
}

Result<Bytes> PayloadOf(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form) {
  if (Status status = checkpoint.stop().Check(); !status.ok()) return status;
  Bytes bytes;
  const auto emitted = EmitPayload(checkpoint, part, form, [&bytes](std::span<const std::byte> block) -> Status {
    bytes.insert(bytes.end(), block.begin(), block.end());
    return {};
  });
  if (!emitted.ok()) return emitted.status();
  return bytes;
}

Napi::Value ToArray(Napi::Env env, const Bytes& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  std::ranges::copy(bytes, reinterpret_cast<std::byte*>(array.Data()));
  return array;
}

}  // namespace

Napi::Value CheckpointObject::PayloadSizes(const Napi::CallbackInfo& info) {
  const SharedCheckpoint& opened = Opened(info.Env());
  auto wanted = AllWanted(info, "payloadSizes(tensors: TensorColumns)", *opened);
  const auto measure = [checkpoint = opened, wanted = std::move(wanted)]() -> Result<std::vector<double>> {
    std::vector<double> sizes;
    for (const auto& [part, form] : wanted) {
      if (Status status = checkpoint->stop().Check(); !status.ok()) return status;
      const auto size = PayloadSize(*checkpoint, part, form);
      if (!size.ok()) return size.status();
      sizes.push_back(static_cast<double>(size.value()));
    }
    return sizes;
  };
  return PromiseThread<std::vector<double>>::Run(info.Env(), "permafrost.payloadSizes", measure,
                                                 [](Napi::Env at, std::vector<double> sizes) {
                                                   auto array = Napi::Float64Array::New(at, sizes.size());
                                                   std::ranges::copy(sizes, array.Data());
                                                   return array;
                                                 });
}

Napi::Value CheckpointObject::Payloads(const Napi::CallbackInfo& info) {
  const SharedCheckpoint& opened = Opened(info.Env());
  auto wanted = AllWanted(info, "payloads(tensors: TensorColumns)", *opened);
  const auto read = [checkpoint = opened, wanted = std::move(wanted)]() -> Result<std::vector<Bytes>> {
    std::vector<Bytes> payloads;
    for (const auto& [part, form] : wanted) {
      auto payload = PayloadOf(*checkpoint, part, form);
      if (!payload.ok()) return payload.status();
      payloads.push_back(std::move(payload).value());
    }
    return payloads;
  };
  return PromiseThread<std::vector<Bytes>>::Run(info.Env(), "permafrost.payloads", read,
                                                [](Napi::Env at, const std::vector<Bytes>& payloads) {
                                                  auto all = Napi::Array::New(at, payloads.size());
                                                  for (std::uint32_t i = 0; i < payloads.size(); ++i) {
                                                    all.Set(i, ToArray(at, payloads[i]));
                                                  }
                                                  return all;
                                                });
}

Napi::Value CheckpointObject::Strings(const Napi::CallbackInfo& info) {
  const SharedCheckpoint& opened = Opened(info.Env());
  const double row = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
  if (!(row >= 0 && row < static_cast<double>(opened->entries().size()))) {
    throw Napi::RangeError::New(info.Env(), "no such row in the checkpoint");
  }
  const auto read = [checkpoint = opened, row = static_cast<std::uint32_t>(row)] {
    return PayloadOf(*checkpoint, {row, {}}, PayloadEncoding::kStrings);
  };
  return PromiseWorker<Bytes>::Run(info.Env(), "permafrost.strings", read, ToArray);
}

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
