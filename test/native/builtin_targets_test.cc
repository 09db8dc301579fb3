// What the built-in targets answer. That their tables are TensorFlow's is held by `npm run test:tensorflow`.
#include "devices/builtin_targets.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "devices/registry.h"

namespace permafrost::devices {
namespace {

constexpr std::int32_t kFloat = 1;
constexpr std::int32_t kDouble = 2;
constexpr std::int32_t kInt32 = 3;
constexpr std::int32_t kString = 7;
constexpr std::int32_t kInt64 = 9;
constexpr std::int32_t kHalf = 19;

const Target& Named(std::string_view name) { return *FindTarget(name).value(); }

KernelAnswer Ask(std::string_view target, const OpKind& kind) {
  const auto answer = Named(target).FindKernel(kind);
  EXPECT_TRUE(answer.ok()) << answer.status().message();
  return answer.ok() ? answer.value() : KernelAnswer{};
}

OpKind MatMul(std::int32_t dtype) {
  return {"MatMul", {{"T", {dtype}}}, {{"a", dtype}, {"b", dtype}}, {{"product", dtype}}};
}

OpKind Reshape(std::int32_t dtype) {
  return {
      "Reshape", {{"T", {dtype}}, {"Tshape", {kInt32}}}, {{"tensor", dtype}, {"shape", kInt32}}, {{"output", dtype}}};
}

OpKind AddV2(std::int32_t dtype) { return {"AddV2", {{"T", {dtype}}}, {{"x", dtype}, {"y", dtype}}, {{"z", dtype}}}; }

TEST(BuiltInTargetsTest, AreCpuGpuAndNpu) {
  std::vector<std::string> names;
  for (const Target* target : Targets()) names.push_back(target->name() + (target->is_host() ? " (host)" : ""));
  ASSERT_GE(names.size(), 3u);
  names.resize(3);
  EXPECT_EQ(names, (std::vector<std::string>{"cpu (host)", "gpu", "npu"}));
  EXPECT_EQ(FindTarget("tpu").status().message(),
            "device target unknown (there are cpu, gpu, npu; --device-plugin or registerDevicePlugin loads others): "
            "'tpu'");
}

TEST(BuiltInTargetsTest, CountTheirDevices) {
  EXPECT_EQ(Named("cpu").DeviceString(0).value(), "/device:CPU:0");
  EXPECT_EQ(Named("gpu").DeviceString(255).value(), "/device:GPU:255");
  EXPECT_EQ(Named("gpu").DeviceString(256).status().message(),
            "no such device (gpu devices have numbers from 0 to 255): gpu:256");
  EXPECT_EQ(Named("npu").DeviceString(63).value(), "/device:NPU:63");
  EXPECT_EQ(Named("npu").DeviceString(64).status().code(), StatusCode::kDeviceUnknown);
}

TEST(BuiltInTargetsTest, KnowTheirKernels) {
  EXPECT_EQ(Ask("cpu", MatMul(kDouble)).state, KernelState::kExists);
  EXPECT_EQ(Ask("gpu", MatMul(kHalf)).state, KernelState::kExists);
  const KernelAnswer strings = Ask("cpu", MatMul(kString));
  EXPECT_EQ(strings.state, KernelState::kNone);
  EXPECT_EQ(strings.reason, "no kernel for T=string");
  EXPECT_EQ(Ask("gpu", MatMul(kInt32)).reason, "no kernel for T=int32");
  for (const char* target : {"cpu", "gpu", "npu"}) {
    EXPECT_EQ(Ask(target, {"MyCustomOp", {}, {}, {}}).state, KernelState::kUnknownOp) << target;
  }
}

TEST(BuiltInTargetsTest, KnowWhatIsInHostMemory) {
  const KernelAnswer reshape = Ask("gpu", Reshape(kFloat));
  EXPECT_EQ(reshape.host_inputs, (std::vector<bool>{false, true}));
  EXPECT_EQ(reshape.host_outputs, (std::vector<bool>{false}));
  // TensorFlow computes int32 sums of shapes on the host, with inputs and outputs there.
  const KernelAnswer sum = Ask("gpu", AddV2(kInt32));
  EXPECT_EQ(sum.host_inputs, (std::vector<bool>{true, true}));
  EXPECT_EQ(sum.host_outputs, (std::vector<bool>{true}));
  EXPECT_EQ(Ask("gpu", AddV2(kFloat)).host_inputs, (std::vector<bool>{false, false}));
}

TEST(BuiltInTargetsTest, WantConstants) {
  EXPECT_EQ(Named("cpu").WishFor(kFloat).value().dtype, kFloat);
  EXPECT_EQ(Named("cpu").WishFor(kFloat).value().alignment, 64u);
  EXPECT_EQ(Named("gpu").WishFor(kFloat).value().dtype, kFloat);
  EXPECT_EQ(Named("gpu").WishFor(kFloat).value().alignment, 256u);
  EXPECT_EQ(Named("npu").WishFor(kFloat).value().dtype, kHalf);
  for (const std::int32_t dtype : {kDouble, kInt32, kString, kInt64, kHalf}) {
    EXPECT_EQ(Named("npu").WishFor(dtype).value().dtype, dtype);
  }
}

}  // namespace
}  // namespace permafrost::devices
