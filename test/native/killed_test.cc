// A process that freezes again and again is killed at random moments: the target is always one whole output.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

using test::SmallKind;
using test::SmallLayout;
using test::TemporaryFolder;

constexpr int kKills = 100;  // of each layout
constexpr std::array kKinds = {SmallKind::kBundle, SmallKind::kV1};

class KilledTest : public ::testing::TestWithParam<SmallLayout> {
 protected:
  KilledTest() {
    fs::create_directory(folder_ / "out");
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      fs::create_directory(In(i));
      test::WriteSmallModel(In(i), kKinds[i]);
      EXPECT_TRUE(Freeze(i, folder_ / "right").ok());
      right_[i] = test::ContentsOf(folder_ / "right");
      fs::remove_all(folder_ / "right");
    }
  }

  std::string In(std::size_t i) const { return folder_ / ("in" + std::to_string(i)); }

  Status Freeze(std::size_t i, const std::string& target) const {
    return test::FreezeSmallModel(In(i), kKinds[i], target, GetParam()).status();
  }

  // Both outputs in turns: over the same file, or into a new folder each time.
  [[noreturn]] void FreezeForever(int started) const {
    for (std::size_t round = 0;; ++round) {
      const std::string number = GetParam() == SmallLayout::kFile ? "" : std::to_string(round);
      if (!Freeze(round % kKinds.size(), folder_ / ("out/target" + number)).ok()) std::_Exit(1);
      if (round == 0 && ::write(started, "!", 1) != 1) std::_Exit(1);
    }
  }

  // Starts the process, and kills it a while after its first output.
  void Kill(std::chrono::microseconds after) const {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) FreezeForever(pipe[1]);
    ::close(pipe[1]);
    char started = 0;
    ASSERT_EQ(::read(pipe[0], &started, 1), 1) << "the process ended by itself";
    ::close(pipe[0]);
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the process ended by itself";
  }

  TemporaryFolder folder_;
  std::array<std::string, kKinds.size()> right_;
};

TEST_P(KilledTest, LeavesWholeOutputs) {
  std::mt19937 random(20260101);
  std::size_t outputs = 0;
  std::size_t leftovers = 0;
  for (int i = 0; i < kKills; ++i) {
    Kill(std::chrono::microseconds(random() % 10'000));
    if (HasFatalFailure()) return;
    for (const auto& entry : fs::directory_iterator(folder_ / "out")) {
      const std::string name = entry.path().filename();
      if (name.starts_with(".permafrost-") && name.ends_with(".tmp")) {
        ++leftovers;
      } else {
        const std::string contents = test::ContentsOf(entry.path());
        EXPECT_TRUE(contents == right_[0] || contents == right_[1]) << name;
        ++outputs;
      }
      fs::remove_all(entry.path());
    }
  }
  std::printf("%d kills, %zu outputs, all whole; %zu temporary names were left\n", kKills, outputs, leftovers);
  EXPECT_GE(outputs, static_cast<std::size_t>(kKills));
}

INSTANTIATE_TEST_SUITE_P(Layouts, KilledTest, ::testing::Values(SmallLayout::kFile, SmallLayout::kFolder));

}  // namespace
}  // namespace permafrost
