// One durable freeze of the small model beside an old output or none, for tests that count its calls to the system.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost::test {

struct SmallFreeze {
  SmallKind kind;
  SmallLayout layout;
  bool has_old;
};

class SmallFreezeTest : public ::testing::TestWithParam<SmallFreeze> {
 protected:
  SmallFreezeTest() {
    std::filesystem::create_directory(in_);
    std::filesystem::create_directory(out_);
    WriteSmallModel(in_, GetParam().kind);
  }

  // The target as it is before a freeze: nothing, an old file, or an empty folder.
  void Prepare() const {
    std::filesystem::remove_all(target_);
    if (!GetParam().has_old) return;
    if (GetParam().layout == SmallLayout::kFile) {
      WriteFile(target_, "old");
    } else {
      std::filesystem::create_directory(target_);
    }
  }

  Status Freeze() const { return FreezeSmallModel(in_, GetParam().kind, target_, GetParam().layout, true).status(); }

  // What is at the target: nothing and an empty folder are not the same.
  std::string State() const {
    return (std::filesystem::exists(target_) ? "there\n" : "not there\n") + ContentsOf(target_);
  }

  TemporaryFolder folder_;
  // Without links, since that is how the kernel names an open file.
  std::string root_ = std::filesystem::canonical(folder_ / "");
  std::string in_ = root_ + "/in";
  std::string out_ = root_ + "/out";
  std::string target_ = out_ + "/target";
};

}  // namespace permafrost::test
