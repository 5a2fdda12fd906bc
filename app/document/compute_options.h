// Who computes, as a person chooses it.
#pragma once

#include <array>
#include <string_view>

#include "app/gl/chosen_backend.h"
#include "app/ui/option_visitor.h"

namespace heed::app {

constexpr std::array<std::string_view, 3> kBackendWords = {"auto", "cpu", "gl"};

struct ComputeOptions {
    BackendChoice backend = BackendChoice::kAuto;

    void visit(OptionVisitor& v) {
        visit_choice(v, "backend", "Compute with", backend, kBackendWords);
    }
    bool operator==(const ComputeOptions&) const = default;
};

}  // namespace heed::app
