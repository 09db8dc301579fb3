#include "plan/payload_stream.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "checkpoint_object.h"
#include "live_handles.h"
#include "payload_stream.h"
#include "promise_worker.h"
#include "tensor_columns.h"
#include "typed_array.h"

namespace permafrost::addon {

namespace {

// What the worker threads see of it; one at a time.
struct StreamState {
  std::shared_ptr<const Checkpoint> checkpoint;
  TensorPart part;
  PayloadForm form;
  std::optional<ElementWindow> window;
  Stop stop;
  std::unique_ptr<PayloadStream> stream;  // from the first call on: shards are opened, and lengths of strings read
  Live live{live_streams};

  Result<double> Fill(std::span<std::byte> bytes) {
    if (Status status = stop.Check(); !status.ok()) return status;
    if (stream == nullptr) {
      auto opened = PayloadStream::Open(checkpoint, part, form, window, stop);
      if (!opened.ok()) return opened.status();
      stream = std::move(opened).value();
    }
    const auto count = stream->Fill(bytes);
    if (!count.ok()) return count.status();
    return static_cast<double>(count.value());
  }
};

// The thread of JavaScript owns it, and lends the state to the worker threads.
struct StreamHandle {
  std::shared_ptr<StreamState> state;  // null once it is closed
  Stop stop;
  std::shared_ptr<bool> is_busy = std::make_shared<bool>(false);  // for ever, where a call has failed
};

Napi::Value Fill(const Napi::CallbackInfo& info, StreamHandle& handle) {
  const Napi::Env env = info.Env();
  auto bytes = TypedArrayOf<Napi::Uint8Array>(info[0], napi_uint8_array);
  if (handle.state == nullptr) throw Napi::Error::New(env, "the payload stream is closed");
  if (*handle.is_busy) throw Napi::Error::New(env, "the payload stream is busy");
  *handle.is_busy = true;
  // The memory is JavaScript's, and must stay.
  auto pinned = std::make_shared<Napi::Reference<Napi::Uint8Array>>(Napi::Persistent(bytes));
  const std::span<std::byte> memory = std::as_writable_bytes(std::span(bytes.Data(), bytes.ByteLength()));
  return PromiseWorker<double>::Run(
      env, "permafrost.fill", [state = handle.state, memory, pinned] { return state->Fill(memory); },
      [is_busy = handle.is_busy](Napi::Env at, double count) -> Napi::Value {
        *is_busy = false;
        return Napi::Number::New(at, count);
      });
}

}  // namespace

Napi::Value OpenPayloadStream(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject()) {
    throw Napi::TypeError::New(env,
                               "payloadStream(checkpoint: NativeCheckpoint, tensors: TensorColumns, start, count)");
  }
  auto checkpoint = CheckpointObject::Borrow(info[0]);
  const TensorColumns columns(info[1].As<Napi::Object>(), *checkpoint);
  if (columns.count() != 1) throw Napi::RangeError::New(env, "a payload stream has one tensor");
  std::optional<ElementWindow> window;
  if (info[2].IsNumber() && info[3].IsNumber()) {
    window = {static_cast<std::uint64_t>(info[2].As<Napi::Number>().Int64Value()),
              static_cast<std::uint64_t>(info[3].As<Napi::Number>().Int64Value())};
  }
  auto handle = std::make_shared<StreamHandle>();
  handle->state.reset(
      new StreamState{std::move(checkpoint), columns.Part(0), columns.Form(0), window, handle->stop, nullptr});

  Napi::Object stream = Napi::Object::New(env);
  stream["fill"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& call) { return Fill(call, *handle); });
  stream["overflows"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo& call) {
    const bool is_idle = handle->state != nullptr && handle->state->stream != nullptr && !*handle->is_busy;
    return Napi::Number::New(call.Env(), is_idle ? static_cast<double>(handle->state->stream->overflows()) : 0);
  });
  stream["close"] = Napi::Function::New(env, [handle](const Napi::CallbackInfo&) {
    handle->stop.Ask();
    handle->state.reset();
  });
  return stream;
}

}  // namespace permafrost::addon
