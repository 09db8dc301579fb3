// Four numbers at once with the vector instructions that every 64-bit ARM processor has; as with AVX2, special ones go
// the portable way.
#include "convert/narrow_implementations.h"

#if defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__))

#include <arm_neon.h>

namespace permafrost {
namespace {

constexpr std::size_t kLanes = 4;
constexpr std::size_t kStep = kLanes * sizeof(float);

uint32x4_t Load(const std::byte* at) {
  return vreinterpretq_u32_u8(vld1q_u8(reinterpret_cast<const std::uint8_t*>(at)));
}

uint32x4_t MagnitudeOf(uint32x4_t bits) { return vandq_u32(bits, vdupq_n_u32(kMagnitude)); }

uint16x4_t Float16Of(uint32x4_t bits) { return vreinterpret_u16_f16(vcvt_f16_f32(vreinterpretq_f32_u32(bits))); }

uint16x4_t Bfloat16Of(uint32x4_t bits) {
  const uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
  return vshrn_n_u32(vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff))), 16);
}

template <uint16x4_t (*kConvert)(uint32x4_t), std::uint32_t kOverflow, auto kPortable>
std::uint64_t ToSixteenBits(std::span<const std::byte> in, std::span<std::byte> out) {
  const auto portable = PortableNarrow()->*kPortable;
  std::uint64_t overflows = 0;
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kStep / 2)) {
    const uint32x4_t bits = Load(in.data());
    if (vmaxvq_u32(MagnitudeOf(bits)) >= kOverflow) {
      overflows += portable(in.first(kStep), out);
      continue;
    }
    vst1_u8(reinterpret_cast<std::uint8_t*>(out.data()), vreinterpret_u8_u16(kConvert(bits)));
  }
  return overflows + portable(in, out);
}

void StoreInt8(uint32x4_t bits, float32x4_t scales, std::byte* at) {
  const float32x4_t quotients = vdivq_f32(vreinterpretq_f32_u32(bits), scales);
  // Of a NaN and a number, this is the number.
  const float32x4_t least = vmaxnmq_f32(quotients, vdupq_n_f32(-kMostInt8));
  const int16x4_t words = vmovn_s32(vcvtnq_s32_f32(vminnmq_f32(least, vdupq_n_f32(kMostInt8))));
  const int8x8_t bytes = vmovn_s16(vcombine_s16(words, words));
  const std::uint32_t four = vget_lane_u32(vreinterpret_u32_s8(bytes), 0);
  __builtin_memcpy(at, &four, sizeof(four));
}

void ToInt8(std::span<const std::byte> in, std::span<const float> scales, std::span<std::byte> out) {
  for (; scales.size() >= kLanes; in = in.subspan(kStep), scales = scales.subspan(kLanes), out = out.subspan(kLanes)) {
    StoreInt8(Load(in.data()), vld1q_f32(scales.data()), out.data());
  }
  PortableNarrow()->to_int8(in, scales, out);
}

void ToInt8By(std::span<const std::byte> in, float scale, std::span<std::byte> out) {
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kLanes)) {
    StoreInt8(Load(in.data()), vdupq_n_f32(scale), out.data());
  }
  PortableNarrow()->to_int8_by(in, scale, out);
}

void Raise(std::span<const std::byte> in, std::span<std::uint32_t> maxima) {
  for (; maxima.size() >= kLanes; in = in.subspan(kStep), maxima = maxima.subspan(kLanes)) {
    vst1q_u32(maxima.data(), vmaxq_u32(vld1q_u32(maxima.data()), MagnitudeOf(Load(in.data()))));
  }
  PortableNarrow()->raise(in, maxima);
}

std::uint32_t Largest(std::span<const std::byte> in, std::uint32_t most) {
  uint32x4_t lanes = vdupq_n_u32(most);
  for (; in.size() >= kStep; in = in.subspan(kStep)) lanes = vmaxq_u32(lanes, MagnitudeOf(Load(in.data())));
  return PortableNarrow()->largest(in, vmaxvq_u32(lanes));
}

constexpr NarrowImplementation kImplementation = {
    "neon",
    &ToSixteenBits<Float16Of, kFloat16Overflow, &NarrowImplementation::to_float16>,
    &ToSixteenBits<Bfloat16Of, kBfloat16Overflow, &NarrowImplementation::to_bfloat16>,
    &ToInt8,
    &ToInt8By,
    &Raise,
    &Largest,
};

}  // namespace

const NarrowImplementation* NeonNarrow() { return &kImplementation; }

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* NeonNarrow() { return nullptr; }

}  // namespace permafrost

#endif
