#include "write_plan.h"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bundle_object.h"
#include "plan/plan_writer.h"
#include "promise_worker.h"

namespace permafrost::addon {

namespace {

// All that the worker thread sees of the call. The literals' memory belongs to JavaScript and is held by `pinned`.
struct WriteJob {
  std::shared_ptr<const TensorBundle> bundle;
  std::vector<Segment> segments;
  WriteOptions options;
  WriteProgress progress;
  Napi::ObjectReference pinned;
};

std::vector<Segment> ReadSegments(const Napi::Object& plan, const TensorBundle& bundle) {
  const Napi::Env env = plan.Env();
  const auto literals = plan.Get("literals").As<Napi::Array>();
  const auto rows = plan.Get("rows").As<Napi::Int32Array>();
  const auto encodings = plan.Get("encodings").As<Napi::Uint8Array>();
  const auto sizes = plan.Get("sizes").As<Napi::Float64Array>();
  const std::size_t count = rows.ElementLength();
  if (encodings.ElementLength() != count || sizes.ElementLength() != count) {
    throw Napi::RangeError::New(env, "the plan's columns differ in length");
  }
  std::vector<Segment> segments;
  segments.reserve(count);
  std::uint32_t next_literal = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (rows[i] >= 0) {
      const auto row = static_cast<std::uint32_t>(rows[i]);
      if (row >= bundle.entries().size()) throw Napi::RangeError::New(env, "no such row in the bundle");
      const auto encoding = static_cast<PayloadEncoding>(static_cast<std::uint8_t>(encodings[i]));
      segments.emplace_back(TensorSegment{row, encoding, static_cast<std::uint64_t>(sizes[i])});
      continue;
    }
    const Napi::Value literal = literals.Get(next_literal++);
    if (!literal.IsTypedArray()) throw Napi::RangeError::New(env, "the plan has too few literals");
    const auto bytes = literal.As<Napi::Uint8Array>();
    segments.emplace_back(std::as_bytes(std::span(bytes.Data(), bytes.ByteLength())));
  }
  return segments;
}

}  // namespace

Napi::Value StartWritePlan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject()) throw Napi::TypeError::New(env, "writePlan(bundle: NativeBundle, plan: NativePlan)");
  const auto plan = info[1].As<Napi::Object>();
  auto job = std::make_shared<WriteJob>();
  job->bundle = BundleObject::Borrow(info[0]);
  job->segments = ReadSegments(plan, *job->bundle);
  job->options = {plan.Get("target").As<Napi::String>().Utf8Value(), plan.Get("durable").As<Napi::Boolean>().Value()};
  job->pinned = Napi::Persistent(plan.Get("literals").As<Napi::Object>());

  const Napi::Promise done = PromiseWorker<std::uint64_t>::Run(
      env, "permafrost.writePlan",
      [job] { return WritePlan(*job->bundle, job->segments, job->options, job->progress); },
      [](Napi::Env at, std::uint64_t bytes) { return Napi::Number::New(at, static_cast<double>(bytes)); });

  // These two outlive the worker; they share its counters and leave the rest of the job to it.
  const std::shared_ptr<WriteProgress> progress(job, &job->progress);
  Napi::Object write = Napi::Object::New(env);
  write["done"] = done;
  write["bytesWritten"] = Napi::Function::New(env, [progress](const Napi::CallbackInfo& call) {
    return Napi::Number::New(call.Env(), static_cast<double>(progress->bytes_written.load()));
  });
  write["abort"] = Napi::Function::New(env, [progress](const Napi::CallbackInfo&) { progress->abort.store(true); });
  return write;
}

}  // namespace permafrost::addon
