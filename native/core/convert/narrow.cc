#include "convert/narrow.h"

#include <array>

#include "convert/narrow_implementations.h"

namespace permafrost {
namespace {

struct Available {
  std::array<NarrowImplementation, 4> list{};
  std::size_t count = 0;

  void Add(const NarrowImplementation* implementation) {
    if (implementation != nullptr) list[count++] = *implementation;
  }
};

Available Detect() {
  Available available;
  available.Add(Avx512Narrow());
  available.Add(Avx2Narrow());
  available.Add(NeonNarrow());
  available.Add(PortableNarrow());
  return available;
}

}  // namespace

std::span<const NarrowImplementation> NarrowImplementations() {
  static const Available kAvailable = Detect();
  return std::span(kAvailable.list).first(kAvailable.count);
}

std::uint64_t Float32ToFloat16(std::span<const std::byte> in, std::span<std::byte> out) {
  return BestNarrowImplementation().to_float16(in, out);
}

std::uint64_t Float32ToBfloat16(std::span<const std::byte> in, std::span<std::byte> out) {
  return BestNarrowImplementation().to_bfloat16(in, out);
}

}  // namespace permafrost
