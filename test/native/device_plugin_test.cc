#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "devices/handshake.h"
#include "devices/plugin.h"
#include "devices/registry.h"
#include "temporary_folder.h"

namespace permafrost::devices {
namespace {

const std::string kPlugins = PERMAFROST_TEST_PLUGINS;  // the folder of those that are wrong
const std::string kExample = PERMAFROST_EXAMPLE_PLUGIN;

// What is said of a library that cannot be a plugin, without what is the same every time. No target came of it.
std::string Refusal(const std::string& path) {
  const std::size_t before = Targets().size();
  const auto loaded = LoadPlugin(path);
  EXPECT_EQ(loaded.status().code(), StatusCode::kDevicePluginUnusable);
  EXPECT_EQ(Targets().size(), before);
  const std::string start = "device plugin not usable (";
  const std::string end = "): " + std::filesystem::absolute(path).string();
  const std::string& message = loaded.status().message();
  EXPECT_TRUE(message.starts_with(start) && message.ends_with(end)) << message;
  return message.substr(start.size(), message.size() - start.size() - end.size());
}

TEST(DevicePluginTest, TheExampleIsLoaded) {
  const auto loaded = LoadPlugin(kExample);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  ASSERT_EQ(loaded.value().size(), 1u);
  const Target& target = *loaded.value().front();
  EXPECT_EQ(target.name(), "tpu_like");
  EXPECT_EQ(target.plugin(), kExample);
  EXPECT_EQ(FindTarget("tpu_like").value(), &target);

  EXPECT_EQ(target.DeviceString(7).value(), "/device:TPU:7");
  EXPECT_EQ(target.DeviceString(8).status().message(), "no such device (a board has eight chips, 0 to 7): tpu_like:8");
  const OpKind mean = {"Mean", {{"T", {1}}, {"Tidx", {3}}}, {{"input", 1}, {"reduction_indices", 3}}, {{"output", 1}}};
  const KernelAnswer kernel = target.FindKernel(mean).value();
  EXPECT_EQ(kernel.state, KernelState::kExists);
  EXPECT_EQ(kernel.host_inputs, (std::vector<bool>{false, true}));
  const OpKind doubles = {"Relu", {{"T", {2}}}, {{"features", 2}}, {{"activations", 2}}};
  EXPECT_EQ(target.FindKernel(doubles).value().state, KernelState::kNone);
  EXPECT_EQ(target.FindKernel({"Sort", {}, {}, {}}).value().state, KernelState::kUnknownOp);
  EXPECT_EQ(target.WishFor(1).value().dtype, 14);
  EXPECT_EQ(target.WishFor(9).value().dtype, 9);
  EXPECT_EQ(target.WishFor(9).value().alignment, 128u);
  EXPECT_EQ(target.Veto("debug/print", mean, 0).value(), "nodes for debugging stay off the board");
  EXPECT_EQ(target.Veto("tower/mean", mean, 0).value(), std::nullopt);
}

TEST(DevicePluginTest, LoadingOneAgainChangesNothing) {
  const auto first = LoadPlugin(kExample);
  ASSERT_TRUE(first.ok()) << first.status().message();
  const auto all = Targets();
  EXPECT_EQ(LoadPlugin(kExample).value(), first.value());
  test::TemporaryFolder folder;
  std::filesystem::create_symlink(kExample, folder / "link.so");
  EXPECT_EQ(LoadPlugin(folder / "link.so").value(), first.value());
  EXPECT_EQ(Targets(), all);
}

TEST(DevicePluginTest, ManyThreadsLoadOneAtOnce) {
  std::vector<const Target*> found(8);
  std::vector<std::thread> threads;
  for (const Target*& target : found) {
    threads.emplace_back([&target] {
      const auto loaded = LoadPlugin(kExample);
      if (loaded.ok()) target = loaded.value().front();
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_NE(found.front(), nullptr);
  EXPECT_EQ(std::ranges::count(found, found.front()), 8);
  EXPECT_EQ(std::ranges::count(Targets(), std::string("tpu_like"), &Target::name), 1);
}

TEST(DevicePluginTest, ACopyOfOneIsRefusedForItsNames) {
  test::TemporaryFolder folder;
  ASSERT_TRUE(LoadPlugin(kExample).ok());
  std::filesystem::copy_file(kExample, folder / "copy.so");
  EXPECT_EQ(Refusal(folder / "copy.so"), "a target named 'tpu_like' is there already, that of " + kExample);
}

TEST(DevicePluginTest, ARelativePathIsTakenFromTheWorkingFolder) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(std::filesystem::path(kExample).parent_path());
  const auto loaded = LoadPlugin(std::filesystem::path(kExample).filename().string());
  // Which the system knows where to find.
  const std::string refusal = Refusal("libc.so.6");
  std::filesystem::current_path(before);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded.value().front()->plugin(), kExample);
  EXPECT_EQ(refusal, "no such file");
}

TEST(DevicePluginTest, WhatIsNoLibraryIsRefused) {
  test::TemporaryFolder folder;
  test::WriteFile(folder / "text.so",
                  "These are only words, but they are enough of them to be an ELF header in length.\n");
  EXPECT_TRUE(Refusal(folder / "text.so").starts_with("no library that can be loaded here: "));
  test::WriteFile(folder / "empty.so", "");
  EXPECT_TRUE(Refusal(folder / "empty.so").starts_with("no library that can be loaded here: "));
  EXPECT_EQ(Refusal(folder / "missing.so"), "no such file");
  EXPECT_EQ(Refusal(folder / "."), "not a file");
  ASSERT_EQ(::mkfifo((folder / "pipe.so").c_str(), 0600), 0);
  EXPECT_EQ(Refusal(folder / "pipe.so"), "not a file");
  EXPECT_EQ(LoadPlugin("").status().message(), "device plugin not usable (no path): ''");
}

TEST(DevicePluginTest, ALibraryThatWasCutOffIsRefused) {
  test::TemporaryFolder folder;
  const std::string whole = test::ReadFile(kExample);
  // All within what is mapped of it, however the linker has laid it out.
  for (const std::size_t size : {std::size_t{64}, std::size_t{512}, std::size_t{2048}, whole.size() / 4}) {
    test::WriteFile(folder / "cut.so", std::string_view(whole).substr(0, size));
    EXPECT_EQ(Refusal(folder / "cut.so"), "a library that was cut off") << size;
  }
}

TEST(DevicePluginTest, WhatIsNoPluginIsRefused) {
  EXPECT_EQ(Refusal(kPlugins + "/without_symbol.so"), "a library that does not export permafrost_device_plugin");
  EXPECT_EQ(Refusal(kPlugins + "/null_answer.so"), "permafrost_device_plugin answers NULL");
  EXPECT_EQ(Refusal(kPlugins + "/other_version.so"),
            "it was built for version 2 of the device interface, this is version 1");
  EXPECT_EQ(Refusal(kPlugins + "/no_targets.so"), "it has no targets");
}

TEST(DevicePluginTest, OfAPluginWithOneWrongTargetNoneIsTaken) {
  EXPECT_EQ(Refusal(kPlugins + "/impostor.so"), "a target named 'cpu' is there already, built in");
  EXPECT_EQ(FindTarget("impostor").status().code(), StatusCode::kDeviceUnknown);
}

TEST(DeviceHandshakeTest, NoTwoTargetsHaveOneDeviceType) {
  PermafrostDeviceTarget first = {
      .struct_size = sizeof(PermafrostDeviceTarget),
      .flags = 0,
      .name = "first",
      .device_type = "Tau",
      .context = nullptr,
      .format_device = [](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { return 0; },
      .find_kernel = [](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t { return 0; },
      .want_constant = nullptr,
      .veto = nullptr};
  PermafrostDeviceTarget second = first;
  second.name = "second";
  second.device_type = "TAU";
  const PermafrostDeviceTarget* const both[] = {&first, &second};
  const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, 2, both};
  EXPECT_EQ(RegisterPlugin(&plugin, "/t.so").status().message(),
            "device plugin not usable (its targets 'first' and 'second' have one device type): /t.so");
  first.device_type = "gpu";
  EXPECT_EQ(
      RegisterPlugin(&plugin, "/t.so").status().message(),
      "device plugin not usable (target 'first' has the device type of 'gpu', built in, so nobody could tell their "
      "devices apart): /t.so");
}

TEST(DevicePluginTest, JunkAnswersComeToLightWhenTheyAreGiven) {
  const std::string path = kPlugins + "/junk_answers.so";
  const auto loaded = LoadPlugin(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  const Target& target = *loaded.value().front();
  const OpKind kind = {"MatMul", {{"T", {1}}}, {{"a", 1}, {"b", 1}}, {{"product", 1}}};
  const auto message = [&path](const std::string& answer) {
    return "device plugin not usable (target 'junk' answers " + answer + "): " + path;
  };
  EXPECT_EQ(target.DeviceString(0).status().message(),
            message("format_device(0) with '/device:JUNK:1', which does not name JUNK 0"));
  for (std::uint32_t index = 0; index < 6; ++index) {
    EXPECT_EQ(target.DeviceString(index).status().code(), StatusCode::kDevicePluginUnusable) << index;
  }
  EXPECT_EQ(target.FindKernel(kind).status().message(), message("find_kernel('MatMul') with state 99"));
  EXPECT_EQ(target.WishFor(1).status().message(),
            message("want_constant(float32) with an alignment of 3, which is no power of two below 2^20"));
  EXPECT_EQ(target.Veto("n", kind, 0).status().message(),
            message("veto('n') with 1025 bytes where there is room for 1024"));
}

TEST(DeviceHandshakeTest, CountsTheTargets) {
  const PermafrostDeviceTarget target = {
      .struct_size = sizeof(PermafrostDeviceTarget),
      .flags = 0,
      .name = "twin",
      .device_type = "T",
      .context = nullptr,
      .format_device = [](void*, std::uint32_t, PermafrostSentence*) -> std::int32_t { return 0; },
      .find_kernel = [](void*, const PermafrostOp*, PermafrostKernel*) -> std::int32_t { return 0; },
      .want_constant = nullptr,
      .veto = nullptr};
  const PermafrostDeviceTarget* const twins[] = {&target, &target};
  const auto said = [&twins](std::uint32_t count) {
    const PermafrostDevicePlugin plugin = {PERMAFROST_DEVICE_ABI_VERSION, count, twins};
    return AdoptTargets(&plugin, "/t.so").status().message();
  };
  EXPECT_EQ(said(1), "");
  EXPECT_EQ(said(2), "device plugin not usable (it has two targets named 'twin'): /t.so");
  EXPECT_EQ(said(0xffffffff), "device plugin not usable (it claims 4294967295 targets): /t.so");
  const PermafrostDevicePlugin without = {PERMAFROST_DEVICE_ABI_VERSION, 1, nullptr};
  EXPECT_EQ(AdoptTargets(&without, "/t.so").status().message(), "device plugin not usable (it has no targets): /t.so");
}

}  // namespace
}  // namespace permafrost::devices
