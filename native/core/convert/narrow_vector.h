// The loops over float32 that are the same for all vector instructions. Each file that includes this says before it, as
// PERMAFROST_VECTOR_TARGET, with which attribute its functions are compiled for its processors, and after it what the
// loops are made of, as `Lanes`. An attribute, since a flag for a whole file would compile the standard library's
// inline functions in it for those processors too, and the linker may take them for the whole program.
#pragma once

#include "convert/narrow_implementations.h"

namespace permafrost {

// `Lanes` has the numbers of 32 bits that go in one register, as `Bits` or as `Floats`; both have the operators of the
// compiler's own vectors. What is left over at the end is done with those before it once more, where that changes
// nothing.
template <typename Lanes>
class VectorNarrow {
 public:
  PERMAFROST_VECTOR_TARGET static std::uint64_t ToFloat16(std::span<const std::byte> in, std::span<std::byte> out) {
    return ToSixteenBits<Lanes::StoreFloat16, kFloat16Overflow>(PortableNarrow()->to_float16, in, out);
  }

  PERMAFROST_VECTOR_TARGET static std::uint64_t ToBfloat16(std::span<const std::byte> in, std::span<std::byte> out) {
    return ToSixteenBits<Lanes::StoreBfloat16, kBfloat16Overflow>(PortableNarrow()->to_bfloat16, in, out);
  }

  PERMAFROST_VECTOR_TARGET static void ToInt8(std::span<const std::byte> in, std::span<const float> scales,
                                              std::span<std::byte> out) {
    const std::size_t count = scales.size();
    if (count < kLanes) return PortableNarrow()->to_int8(in, scales, out);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) ToInt8At(at, in, ScalesAt(scales, at), out);
    const std::size_t last = count - kLanes;
    if (count % kLanes != 0) ToInt8At(last, in, ScalesAt(scales, last), out);
  }

  PERMAFROST_VECTOR_TARGET static void ToInt8By(std::span<const std::byte> in, float scale, std::span<std::byte> out) {
    const std::size_t count = in.size() / sizeof(float);
    if (count < kLanes) return PortableNarrow()->to_int8_by(in, scale, out);
    const Floats scales = Lanes::All(scale);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) ToInt8At(at, in, scales, out);
    if (count % kLanes != 0) ToInt8At(count - kLanes, in, scales, out);
  }

  PERMAFROST_VECTOR_TARGET static void Multiply(std::span<const std::byte> in, std::span<const float> factors,
                                                std::span<std::byte> out) {
    const std::size_t count = factors.size();
    if (count < kLanes) return PortableNarrow()->multiply(in, factors, out);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) MultiplyAt(at, in, ScalesAt(factors, at), out);
    const std::size_t last = count - kLanes;
    if (count % kLanes != 0) MultiplyAt(last, in, ScalesAt(factors, last), out);
  }

  PERMAFROST_VECTOR_TARGET static void MultiplyBy(std::span<const std::byte> in, float factor,
                                                  std::span<std::byte> out) {
    const std::size_t count = in.size() / sizeof(float);
    if (count < kLanes) return PortableNarrow()->multiply_by(in, factor, out);
    const Floats factors = Lanes::All(factor);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) MultiplyAt(at, in, factors, out);
    if (count % kLanes != 0) MultiplyAt(count - kLanes, in, factors, out);
  }

  PERMAFROST_VECTOR_TARGET static void Raise(std::span<const std::byte> in, std::span<std::uint32_t> maxima) {
    const std::size_t count = maxima.size();
    if (count < kLanes) return PortableNarrow()->raise(in, maxima);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) RaiseAt(at, in, maxima);
    if (count % kLanes != 0) RaiseAt(count - kLanes, in, maxima);
  }

  PERMAFROST_VECTOR_TARGET static std::uint32_t Largest(std::span<const std::byte> in, std::uint32_t most) {
    const std::size_t count = in.size() / sizeof(float);
    if (count < kLanes) return PortableNarrow()->largest(in, most);
    Bits largest = Lanes::All(most);
    for (std::size_t at = 0; at + kLanes <= count; at += kLanes) {
      largest = Lanes::Larger(largest, MagnitudeOf(LoadAt(in, at)));
    }
    return Lanes::Largest(Lanes::Larger(largest, MagnitudeOf(LoadAt(in, count - kLanes))));
  }

 private:
  using Bits = typename Lanes::Bits;
  using Floats = typename Lanes::Floats;
  static constexpr std::size_t kLanes = Lanes::kCount;
  static constexpr std::size_t kStep = kLanes * sizeof(float);

  PERMAFROST_VECTOR_TARGET static Bits LoadAt(std::span<const std::byte> in, std::size_t at) {
    return Lanes::Load(in.data() + at * sizeof(float));
  }

  PERMAFROST_VECTOR_TARGET static Floats ScalesAt(std::span<const float> scales, std::size_t at) {
    return Lanes::FloatsOf(Lanes::Load(scales.data() + at));
  }

  PERMAFROST_VECTOR_TARGET static Bits MagnitudeOf(Bits bits) { return bits & Lanes::All(kMagnitude); }

  // What is left over, and lanes among which one is no finite number or becomes none, go the portable way: the
  // processors' own conversions make signalling NaNs quiet, and count nothing.
  template <void (*kStore)(Bits, std::byte*), std::uint32_t kOverflow>
  PERMAFROST_VECTOR_TARGET static std::uint64_t ToSixteenBits(std::uint64_t (*portable)(std::span<const std::byte>,
                                                                                        std::span<std::byte>),
                                                              std::span<const std::byte> in, std::span<std::byte> out) {
    const Bits overflow = Lanes::All(kOverflow);
    std::uint64_t overflows = 0;
    for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kStep / 2)) {
      const Bits bits = Lanes::Load(in.data());
      if (Lanes::AllBelow(MagnitudeOf(bits), overflow)) {
        kStore(bits, out.data());
      } else {
        overflows += portable(in.first(kStep), out);
      }
    }
    return overflows + portable(in, out);
  }

  PERMAFROST_VECTOR_TARGET static void ToInt8At(std::size_t at, std::span<const std::byte> in, Floats scales,
                                                std::span<std::byte> out) {
    const Floats quotients = Lanes::FloatsOf(LoadAt(in, at)) / scales;
    const Floats least = Lanes::LargerNumber(quotients, Lanes::All(-kMostInt8));
    Lanes::StoreInt8(Lanes::Rounded(Lanes::Smaller(least, Lanes::All(kMostInt8))), out.data() + at);
  }

  PERMAFROST_VECTOR_TARGET static void MultiplyAt(std::size_t at, std::span<const std::byte> in, Floats factors,
                                                  std::span<std::byte> out) {
    Lanes::Store(Lanes::BitsOf(Lanes::FloatsOf(LoadAt(in, at)) * factors), out.data() + at * sizeof(float));
  }

  PERMAFROST_VECTOR_TARGET static void RaiseAt(std::size_t at, std::span<const std::byte> in,
                                               std::span<std::uint32_t> maxima) {
    std::uint32_t* const here = maxima.data() + at;
    Lanes::Store(Lanes::Larger(Lanes::Load(here), MagnitudeOf(LoadAt(in, at))), here);
  }
};

template <typename Lanes>
inline constexpr NarrowImplementation kVectorNarrow = {
    Lanes::kName,
    &VectorNarrow<Lanes>::ToFloat16,
    &VectorNarrow<Lanes>::ToBfloat16,
    &VectorNarrow<Lanes>::ToInt8,
    &VectorNarrow<Lanes>::ToInt8By,
    &VectorNarrow<Lanes>::Multiply,
    &VectorNarrow<Lanes>::MultiplyBy,
    &VectorNarrow<Lanes>::Raise,
    &VectorNarrow<Lanes>::Largest,
};

}  // namespace permafrost
