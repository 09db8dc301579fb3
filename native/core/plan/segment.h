// What a plan is made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "plan/payload.h"

namespace permafrost {

using LiteralSegment = std::span<const std::byte>;  // borrowed from the caller until WritePlan returns

struct TensorSegment {
  TensorPart part;
  PayloadForm form = PayloadEncoding::kRaw;
  std::uint64_t size = 0;  // bytes in the output, from PayloadSize
};

using Segment = std::variant<LiteralSegment, TensorSegment>;

// Bytes in the output.
inline std::uint64_t SizeOf(const Segment& segment) {
  const auto* tensor = std::get_if<TensorSegment>(&segment);
  return tensor != nullptr ? tensor->size : std::get<LiteralSegment>(segment).size();
}

}  // namespace permafrost
