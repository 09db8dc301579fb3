// Writes the payload of a tensor as a plan of its own, and tells what came of it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "bundle_builder.h"
#include "plan/plan_writer.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost::test {

class WrittenPayloadTest : public ::testing::Test {
 protected:
  const Checkpoint& Open(const BundleBuilder& builder) {
    builder.Write(folder_ / "m");
    checkpoint_ = Checkpoint::OpenBundle(folder_ / "m").value();
    return *checkpoint_;
  }

  // What a plan of one tensor behind a byte gives, without that byte; the payload's size is as foretold.
  std::string Written(const PayloadForm& form, const Region& region = {}) {
    const auto size = PayloadSize(*checkpoint_, {0, region}, form);
    if (!size.ok()) return size.status().message();
    const std::vector<Segment> plan = {Bytes("<"), TensorSegment{{0, region}, form, size.value()}};
    const std::string target = folder_ / "out";
    const auto written =
        WritePlan(*checkpoint_, plan, {target, {{"", size.value() + 1}}, false, false, threads_}, progress_);
    if (!written.ok()) return written.status().message();
    EXPECT_EQ(written.value().overflows.front(), 0u);
    overflows_ = written.value().overflows.back();
    return test::ReadFile(target).substr(1);
  }

  TemporaryFolder folder_;
  std::shared_ptr<const Checkpoint> checkpoint_;
  WriteProgress progress_;
  unsigned threads_ = 0;
  std::uint64_t overflows_ = 0;
};

}  // namespace permafrost::test
