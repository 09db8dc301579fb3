#include "write_plan.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "background_worker.h"
#include "checkpoint_object.h"
#include "plan/plan_writer.h"
#include "promise_thread.h"
#include "tensor_columns.h"
#include "typed_array.h"

namespace permafrost::addon {

namespace {

// All that the worker thread sees of the call; it is gone when the write has ended. The memory of literals belongs to
// JavaScript and is held by `pinned` until then.
struct WriteJob {
  std::shared_ptr<const Checkpoint> checkpoint;
  std::vector<Segment> segments;
  WriteOptions options;
  std::shared_ptr<WriteProgress> progress;
  Napi::ObjectReference pinned;
};

std::vector<Segment> ReadSegments(const Napi::Object& plan, const Checkpoint& checkpoint) {
  const Napi::Env env = plan.Env();
  const auto literals = plan.Get("literals").As<Napi::Array>();
  const TensorColumns columns(plan, checkpoint);
  const auto sizes = TypedArrayOf<Napi::Float64Array>(plan.Get("sizes"), napi_float64_array);
  const std::size_t count = columns.count();
  if (sizes.ElementLength() != count) throw Napi::RangeError::New(env, "the plan's columns differ in length");
  std::vector<Segment> segments;
  segments.reserve(count);
  std::uint32_t next_literal = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (columns.IsTensor(i)) {
      segments.emplace_back(TensorSegment{columns.Part(i), columns.Form(i), static_cast<std::uint64_t>(sizes[i])});
      continue;
    }
    const Napi::Value literal = literals.Get(next_literal++);
    if (literal.IsString()) {
      segments.emplace_back(FileSegment{literal.As<Napi::String>().Utf8Value(), static_cast<std::uint64_t>(sizes[i])});
      continue;
    }
    const auto bytes = TypedArrayOf<Napi::Uint8Array>(literal, napi_uint8_array);
    segments.emplace_back(std::as_bytes(std::span(bytes.Data(), bytes.ByteLength())));
  }
  return segments;
}

std::vector<FolderFile> ReadFiles(const Napi::Object& plan) {
  const auto paths = plan.Get("paths").As<Napi::Array>();
  const auto sizes = TypedArrayOf<Napi::Float64Array>(plan.Get("fileSizes"), napi_float64_array);
  if (sizes.ElementLength() != paths.Length()) {
    throw Napi::RangeError::New(plan.Env(), "the plan's files differ in length");
  }
  std::vector<FolderFile> files;
  files.reserve(sizes.ElementLength());
  for (std::size_t i = 0; i < sizes.ElementLength(); ++i) {
    const Napi::Value path = paths.Get(static_cast<std::uint32_t>(i));
    files.push_back({path.As<Napi::String>().Utf8Value(), static_cast<std::uint64_t>(sizes[i])});
  }
  return files;
}

// Lets go of what is left of the output while everybody goes on.
void Discard(Napi::Env env, const std::shared_ptr<WriteProgress>& progress) {
  if (progress->discarded.empty()) return;
  BackgroundWorker::Run(env, "permafrost.discard", [progress] { progress->discarded.clear(); });
}

}  // namespace

Napi::Value StartWritePlan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject()) throw Napi::TypeError::New(env, "writePlan(checkpoint: NativeCheckpoint, plan: NativePlan)");
  const auto plan = info[1].As<Napi::Object>();
  auto job = std::make_shared<WriteJob>();
  job->checkpoint = CheckpointObject::Borrow(info[0]);
  job->progress = std::make_shared<WriteProgress>(job->checkpoint->stop());
  job->segments = ReadSegments(plan, *job->checkpoint);
  job->options = {plan.Get("target").As<Napi::String>().Utf8Value(), ReadFiles(plan),
                  plan.Get("durable").As<Napi::Boolean>().Value(), plan.Get("dryRun").As<Napi::Boolean>().Value(),
                  plan.Get("threads").As<Napi::Number>().Uint32Value()};
  job->pinned = Napi::Persistent(plan.Get("literals").As<Napi::Object>());

  const Napi::Promise done = PromiseThread<Written>::Run(
      env, "permafrost.writePlan",
      [job] { return WritePlan(*job->checkpoint, job->segments, job->options, *job->progress); },
      [](Napi::Env at, const Written& written) {
        auto overflows = Napi::Float64Array::New(at, written.overflows.size());
        std::ranges::copy(written.overflows, overflows.Data());
        return overflows;
      },
      [progress = job->progress](Napi::Env at) { Discard(at, progress); });

  // These two outlive the job; they share nothing but its counters.
  Napi::Object write = Napi::Object::New(env);
  write["done"] = done;
  write["bytesWritten"] = Napi::Function::New(env, [progress = job->progress](const Napi::CallbackInfo& call) {
    return Napi::Number::New(call.Env(), static_cast<double>(progress->bytes_written.load()));
  });
  write["abort"] =
      Napi::Function::New(env, [progress = job->progress](const Napi::CallbackInfo&) { progress->stop.Ask(); });
  return write;
}

}  // namespace permafrost::addon
