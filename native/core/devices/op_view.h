// An op as plugins see it: the same texts and numbers, laid out for C.
#pragma once

#include <string_view>
#include <vector>

#include "devices/op_kind.h"
#include "devices/permafrost_device.h"

namespace permafrost::devices {

inline PermafrostText ToText(std::string_view text) { return {.data = text.data(), .size = text.size()}; }

class OpView {
 public:
  // `kind` stays where it is as long as the view is used.
  explicit OpView(const OpKind& kind);
  OpView(const OpView&) = delete;
  OpView& operator=(const OpView&) = delete;
  ~OpView() = default;

  const PermafrostOp* op() const { return &op_; }

 private:
  std::vector<PermafrostTypes> types_;
  std::vector<PermafrostTensor> inputs_;
  std::vector<PermafrostTensor> outputs_;
  PermafrostOp op_;
};

}  // namespace permafrost::devices
