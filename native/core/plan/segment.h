// What a plan is made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "plan/payload.h"

namespace permafrost {

using LiteralSegment = std::span<const std::byte>;  // borrowed from the caller until WritePlan returns

struct TensorSegment {
  TensorPart part;
  PayloadForm form = PayloadEncoding::kRaw;
  std::uint64_t size = 0;  // bytes in the output, from PayloadSize
};

struct FileSegment {
  std::string path;
  std::uint64_t size = 0;  // of all of it
};

using Segment = std::variant<LiteralSegment, TensorSegment, FileSegment>;

// Bytes in the output.
inline std::uint64_t SizeOf(const Segment& segment) {
  if (const auto* tensor = std::get_if<TensorSegment>(&segment)) return tensor->size;
  if (const auto* file = std::get_if<FileSegment>(&segment)) return file->size;
  return std::get<LiteralSegment>(segment).size();
}

}  // namespace permafrost
