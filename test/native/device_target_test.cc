#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "devices/target.h"

namespace permafrost::devices {
namespace {

constexpr const char* kPath = "/lib/t.so";

void Say(PermafrostSentence* sentence, std::string_view text) {
  std::memcpy(sentence->data, text.data(), text.size());
  sentence->size = text.size();
}

// A target that answers as it should; tests spoil one answer.
PermafrostDeviceTarget Honest() {
  return {.struct_size = sizeof(PermafrostDeviceTarget),
          .flags = 0,
          .name = "t",
          .device_type = "T",
          .context = nullptr,
          .format_device = [](void*, std::uint32_t index, PermafrostSentence* text) -> std::int32_t {
            if (index > 1) {
              Say(text, "two are enough");
              return 0;
            }
            Say(text, "/device:T:" + std::to_string(index));
            return 1;
          },
          .find_kernel = [](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t {
            return PERMAFROST_HAS_KERNEL;
          },
          .want_constant = nullptr,
          .veto = nullptr};
}

Target Adopted(const PermafrostDeviceTarget& target) { return Target::Adopt(&target, kPath).value(); }

// One input of float32, one output of int32, types T = float32 and a list.
OpKind Kind() { return {"Op", {{"T", {1}}, {"Tlist", {3, 9}}}, {{"x", 1}}, {{"y", 3}}}; }

// What is said of a target that is not adopted.
std::string Refusal(const PermafrostDeviceTarget& target) {
  const auto adopted = Target::Adopt(&target, kPath);
  EXPECT_EQ(adopted.status().code(), StatusCode::kDevicePluginUnusable);
  return adopted.status().message();
}

// Holds that the answer is junk, and returns what is said of it, without what is the same every time.
template <typename T>
std::string Junk(const Result<T>& result) {
  EXPECT_EQ(result.status().code(), StatusCode::kDevicePluginUnusable);
  const std::string& message = result.status().message();
  const std::string before = "device plugin not usable (target 't' answers ";
  const std::string after = "): /lib/t.so";
  EXPECT_TRUE(message.starts_with(before)) << message;
  EXPECT_TRUE(message.ends_with(after)) << message;
  return message.substr(before.size(), message.size() - before.size() - after.size());
}

TEST(DeviceTargetTest, TellsWhatItIs) {
  PermafrostDeviceTarget raw = Honest();
  const Target target = Adopted(raw);
  EXPECT_EQ(target.name(), "t");
  EXPECT_EQ(target.device_type(), "T");
  EXPECT_EQ(target.plugin(), kPath);
  EXPECT_FALSE(target.is_host());
  EXPECT_FALSE(target.refuses());
  raw.flags = PERMAFROST_DEVICE_IS_HOST;
  EXPECT_TRUE(Adopted(raw).is_host());
}

TEST(DeviceTargetTest, IsLookedAtBeforeItIsAdopted) {
  const auto with = [](auto change) {
    PermafrostDeviceTarget target = Honest();
    change(target);
    return Refusal(target);
  };
  const std::string size = std::to_string(2 * sizeof(std::uint32_t) + 7 * sizeof(void*));
  EXPECT_EQ(with([](auto& t) { t.struct_size = 8; }),
            "device plugin not usable (a target of 8 bytes where " + size + " are expected): /lib/t.so");
  // What the struct of version 1 began with: two numbers of 32 bits and seven pointers.
  PermafrostDeviceTarget first = Honest();
  first.struct_size = 2 * sizeof(std::uint32_t) + 7 * sizeof(void*);
  EXPECT_TRUE(Target::Adopt(&first, kPath).ok());
  EXPECT_NE(with([](auto& t) { t.struct_size = 0xffffffff; }).find("4294967295 bytes"), std::string::npos);
  EXPECT_NE(with([](auto& t) { t.flags = 0x8; }).find("'t' has flags that nobody knows: 0x00000008"),
            std::string::npos);
  EXPECT_NE(with([](auto& t) { t.format_device = nullptr; }).find("'t' has no format_device"), std::string::npos);
  EXPECT_NE(with([](auto& t) { t.find_kernel = nullptr; }).find("'t' has no find_kernel"), std::string::npos);
  EXPECT_NE(with([](auto& t) { t.name = "keep"; }).find("'keep' has a name that means something else"),
            std::string::npos);
  EXPECT_EQ(Target::Adopt(nullptr, kPath).status().message(),
            "device plugin not usable (a target that is NULL): /lib/t.so");
}

TEST(DeviceTargetTest, HasANameThatCanBeWritten) {
  const std::string longest(64, 'a');
  const std::string longer(65, 'a');
  PermafrostDeviceTarget target = Honest();
  for (const char* name :
       {static_cast<const char*>(nullptr), "", "T", "1t", "_t", "t:0", "t,u", "t\n", "\xff", longer.c_str()}) {
    target.name = name;
    EXPECT_NE(Refusal(target).find("a target with the name"), std::string::npos);
  }
  target.name = longest.c_str();
  EXPECT_EQ(Adopted(target).name(), longest);
  for (const char* type : {static_cast<const char*>(nullptr), "", "0T", "T:0", "T/", longer.c_str()}) {
    target.device_type = type;
    EXPECT_NE(Refusal(target).find("has the device type"), std::string::npos);
  }
}

TEST(DeviceTargetTest, FormatsDevices) {
  PermafrostDeviceTarget raw = Honest();
  const Target target = Adopted(raw);
  EXPECT_EQ(target.DeviceString(1).value(), "/device:T:1");
  const auto none = target.DeviceString(7);
  EXPECT_EQ(none.status().code(), StatusCode::kDeviceUnknown);
  EXPECT_EQ(none.status().message(), "no such device (two are enough): t:7");
  raw.format_device = [](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { return 0; };
  EXPECT_EQ(Adopted(raw).DeviceString(7).status().message(), "no such device: t:7");
}

TEST(DeviceTargetTest, RefusesJunkForDevices) {
  PermafrostDeviceTarget raw = Honest();
  const auto said = [&raw](decltype(raw.format_device) format_device) {
    raw.format_device = format_device;
    return Junk(Adopted(raw).DeviceString(0));
  };
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { return 2; }),
            "format_device(0) with 2");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { return 1; }),
            "format_device(0) with '', which does not name T 0");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence* text) -> std::int32_t {
              Say(text, "/device:T:1");
              return 1;
            }),
            "format_device(0) with '/device:T:1', which does not name T 0");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence* text) -> std::int32_t {
              text->size = text->capacity + 1;
              return 1;
            }),
            "format_device(0) with 1025 bytes where there is room for 1024");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence* text) -> std::int32_t {
              // Promises itself more room.
              text->capacity = text->size = std::numeric_limits<std::size_t>::max();
              return 1;
            }),
            "format_device(0) with 18446744073709551615 bytes where there is room for 1024");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence* text) -> std::int32_t {
              Say(text, "\xc3(\x1b[31m");
              return 0;
            }),
            "format_device(0) with bytes that are no UTF-8 text of one line: '?(\\x1b[31m'");
  EXPECT_EQ(said([](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { throw std::runtime_error("no"); }),
            "format_device(0) with an exception");
}

TEST(DeviceTargetTest, FindsKernels) {
  PermafrostDeviceTarget raw = Honest();
  raw.find_kernel = [](void*, const PermafrostOp* op, PermafrostKernel* kernel) -> std::int32_t {
    // All of the kind arrives.
    const std::string_view name(op->name.data, op->name.size);
    if (name == "Other") return PERMAFROST_UNKNOWN_OP;
    if (op->type_count != 2 || op->types[1].count != 2 || op->types[1].dtypes[1] != 9 || op->inputs[0].dtype != 1 ||
        std::string_view(op->outputs[0].argument.data, op->outputs[0].argument.size) != "y") {
      Say(&kernel->reason, "something got lost");
      return PERMAFROST_NO_KERNEL;
    }
    kernel->host_outputs[0] = 1;
    return PERMAFROST_HAS_KERNEL;
  };
  const Target target = Adopted(raw);
  const KernelAnswer has = target.FindKernel(Kind()).value();
  EXPECT_EQ(has.state, KernelState::kExists) << has.reason;
  EXPECT_EQ(has.host_inputs, std::vector<bool>{false});
  EXPECT_EQ(has.host_outputs, std::vector<bool>{true});
  const KernelAnswer none = target.FindKernel({"Op", {}, {}, {}}).value();
  EXPECT_EQ(none.state, KernelState::kNone);
  EXPECT_EQ(none.reason, "something got lost");
  EXPECT_EQ(target.FindKernel({"Other", {}, {}, {}}).value().state, KernelState::kUnknownOp);
}

TEST(DeviceTargetTest, RefusesJunkForKernels) {
  PermafrostDeviceTarget raw = Honest();
  const auto said = [&raw](decltype(raw.find_kernel) find_kernel) {
    raw.find_kernel = find_kernel;
    return Junk(Adopted(raw).FindKernel(Kind()));
  };
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t { return 3; }),
            "find_kernel('Op') with state 3");
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t { return -1; }),
            "find_kernel('Op') with state -1");
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel* kernel) -> std::int32_t {
              kernel->host_inputs[0] = 2;
              return PERMAFROST_HAS_KERNEL;
            }),
            "find_kernel('Op') with host_inputs[0] = 2");
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel* kernel) -> std::int32_t {
              kernel->host_outputs[0] = 255;
              return PERMAFROST_HAS_KERNEL;
            }),
            "find_kernel('Op') with host_outputs[0] = 255");
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel* kernel) -> std::int32_t {
              kernel->reason.size = 4096;
              return PERMAFROST_NO_KERNEL;
            }),
            "find_kernel('Op') with 4096 bytes where there is room for 1024");
  EXPECT_EQ(said([](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t { throw 7; }),
            "find_kernel('Op') with an exception");
}

TEST(DeviceTargetTest, Refuses) {
  PermafrostDeviceTarget raw = Honest();
  EXPECT_EQ(Adopted(raw).Veto("n", Kind(), 1).value(), std::nullopt);
  raw.veto = [](void*, const PermafrostNode* node, PermafrostSentence* reason) -> std::int32_t {
    const std::string_view name(node->name.data, node->name.size);
    if (name != "n" || node->device != 1 || node->op->input_count != 1) return 0;
    Say(reason, "not here");
    return 1;
  };
  const Target target = Adopted(raw);
  EXPECT_TRUE(target.refuses());
  EXPECT_EQ(target.Veto("n", Kind(), 1).value(), "not here");
  EXPECT_EQ(target.Veto("n", Kind(), 0).value(), std::nullopt);
  EXPECT_EQ(target.Veto("m", Kind(), 1).value(), std::nullopt);
}

TEST(DeviceTargetTest, RefusesJunkForVetoes) {
  PermafrostDeviceTarget raw = Honest();
  raw.veto = [](void*, const PermafrostNode*, PermafrostSentence*) -> std::int32_t { return 17; };
  EXPECT_EQ(Junk(Adopted(raw).Veto("n", Kind(), 0)), "veto('n') with 17");
  raw.veto = [](void*, const PermafrostNode*, PermafrostSentence* reason) -> std::int32_t {
    reason->size = 1025;
    return 1;
  };
  EXPECT_EQ(Junk(Adopted(raw).Veto("n", Kind(), 0)), "veto('n') with 1025 bytes where there is room for 1024");
}

TEST(DeviceTargetTest, WantsConstants) {
  PermafrostDeviceTarget raw = Honest();
  const ConstantWish none = Adopted(raw).WishFor(9).value();
  EXPECT_EQ(none.dtype, 9);
  EXPECT_EQ(none.alignment, 1u);
  raw.want_constant = [](void*, PermafrostConstant* constant) {
    if (constant->dtype == 1) *constant = {14, 1u << 19};
  };
  const ConstantWish wish = Adopted(raw).WishFor(1).value();
  EXPECT_EQ(wish.dtype, 14);
  EXPECT_EQ(wish.alignment, 1u << 19);
}

TEST(DeviceTargetTest, RefusesJunkForConstants) {
  PermafrostDeviceTarget raw = Honest();
  const auto said = [&raw](decltype(raw.want_constant) want_constant) {
    raw.want_constant = want_constant;
    return Junk(Adopted(raw).WishFor(1));
  };
  EXPECT_EQ(said([](void*, PermafrostConstant* constant) { constant->dtype = 34; }),
            "want_constant(float32) with dtype 34, which does not exist");
  EXPECT_EQ(said([](void*, PermafrostConstant* constant) { constant->dtype = 101; }),
            "want_constant(float32) with dtype 101, which does not exist");
  EXPECT_EQ(said([](void*, PermafrostConstant* constant) { constant->alignment = 0; }),
            "want_constant(float32) with an alignment of 0, which is no power of two below 2^20");
  EXPECT_EQ(said([](void*, PermafrostConstant* constant) { constant->alignment = 48; }),
            "want_constant(float32) with an alignment of 48, which is no power of two below 2^20");
  EXPECT_EQ(said([](void*, PermafrostConstant* constant) { constant->alignment = 1u << 20; }),
            "want_constant(float32) with an alignment of 1048576, which is no power of two below 2^20");
}

}  // namespace
}  // namespace permafrost::devices
