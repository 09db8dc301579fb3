// Four numbers at once with the vector instructions that every 64-bit ARM processor has.
#include "convert/narrow_implementations.h"

#if defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__))

#include <arm_neon.h>

#define PERMAFROST_VECTOR_TARGET
#include "convert/narrow_vector.h"
#include "cpu/level.h"

namespace permafrost {
namespace {

struct NeonLanes {
  static constexpr const char* kName = "neon";
  static constexpr std::size_t kCount = 4;
  using Bits = uint32x4_t;
  using Floats = float32x4_t;

  // By bytes: of other types, alignment is taken for granted.
  static Bits Load(const void* at) { return vreinterpretq_u32_u8(vld1q_u8(static_cast<const std::uint8_t*>(at))); }
  static void Store(Bits bits, void* at) { vst1q_u8(static_cast<std::uint8_t*>(at), vreinterpretq_u8_u32(bits)); }
  static Floats FloatsOf(Bits bits) { return vreinterpretq_f32_u32(bits); }
  static Bits BitsOf(Floats floats) { return vreinterpretq_u32_f32(floats); }
  static Bits All(std::uint32_t bits) { return vdupq_n_u32(bits); }
  static Floats All(float number) { return vdupq_n_f32(number); }

  // Of magnitudes.
  static Bits Larger(Bits one, Bits other) { return vmaxq_u32(one, other); }
  static bool AllBelow(Bits magnitudes, Bits limits) { return vminvq_u32(vcltq_u32(magnitudes, limits)) != 0; }
  static std::uint32_t Largest(Bits magnitudes) { return vmaxvq_u32(magnitudes); }

  static void StoreFloat16(Bits bits, std::byte* at) {
    StoreHalf(vreinterpret_u8_f16(vcvt_f16_f32(FloatsOf(bits))), at);
  }
  static void StoreBfloat16(Bits bits, std::byte* at) {
    const uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    const uint32x4_t raised = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
    StoreHalf(vreinterpret_u8_u16(vshrn_n_u32(raised, 16)), at);
  }

  // Of a NaN and a number, the number.
  static Floats LargerNumber(Floats one, Floats number) { return vmaxnmq_f32(one, number); }
  static Floats Smaller(Floats one, Floats other) { return vminnmq_f32(one, other); }
  static Bits Rounded(Floats floats) { return vreinterpretq_u32_s32(vcvtnq_s32_f32(floats)); }
  static void StoreInt8(Bits whole, std::byte* at) {
    const uint16x4_t words = vmovn_u32(whole);
    const uint8x8_t bytes = vmovn_u16(vcombine_u16(words, words));
    const std::uint32_t four = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
    __builtin_memcpy(at, &four, sizeof(four));
  }

 private:
  static void StoreHalf(uint8x8_t bits, std::byte* at) { vst1_u8(reinterpret_cast<std::uint8_t*>(at), bits); }
};

}  // namespace

const NarrowImplementation* NeonNarrow() {
  return cpu::MayUse(cpu::Level::kArmv8) ? &kVectorNarrow<NeonLanes> : nullptr;
}

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* NeonNarrow() { return nullptr; }

}  // namespace permafrost

#endif
