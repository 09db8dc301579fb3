// Makes calls to the system fail. Only for programs that are linked with the options of this folder's CMakeLists.txt:
// the linker then sends all calls of ours through faults.cc.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace permafrost::test {

struct Call {
  std::string name;
  std::string path;  // of what the call is about; the first one of a `rename`
  int flags = 0;     // of an `open`
};

// What somebody does just before a call, which then takes place as it was meant.
using Meanwhile = std::function<void(const Call&)>;

struct Fault {
  std::size_t call = 0;      // which of all calls it befalls
  std::optional<int> error;  // the errno; without one a read or a write takes half of what it is asked for
  Meanwhile meanwhile;
};

// From its construction to its end calls are counted, and the one that a fault is for fails, with nothing done; a
// `close` fails when it has closed, as the kernel has it. One at a time, and for one thread.
class Faults {
 public:
  explicit Faults(std::optional<Fault> fault = {}) : Faults(std::move(fault), {}) {}
  // Nothing fails; `before_each` is called before every call.
  explicit Faults(Meanwhile before_each) : Faults(std::nullopt, std::move(before_each)) {}
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;
  ~Faults();

  // The calls so far.
  const std::vector<Call>& calls() const { return calls_; }

  // What the next call is to suffer.
  std::optional<Fault> Next(Call call);

 private:
  Faults(std::optional<Fault> fault, Meanwhile before_each);

  // As if nobody listened: what it does itself is no call of ours.
  void Aside(const Meanwhile& meanwhile);

  std::optional<Fault> fault_;
  Meanwhile before_each_;
  std::vector<Call> calls_;
};

}  // namespace permafrost::test
