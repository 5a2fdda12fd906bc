#include "app/views/explanation_text.h"

#include <doctest/doctest.h>

using namespace heed;
using namespace heed::app;

namespace {

Cell make_cell(const char* name, std::vector<int> index, float value) {
    return {CellKind::kNode, 0, name, std::move(index), value};
}

Explanation make_sum() {
    Explanation explanation;
    explanation.cell = make_cell("blocks.0.attn.z", {1, 3, 5}, 0.5F);
    explanation.formula = "z[h,t,k] = sum_s pattern[h,t,s] * v[h,s,k]";
    explanation.numbers = "0.5 = 0.5 * 2 + 0.25 * -2";
    for (const auto& [weight, value] : {std::pair{0.5F, 2.0F}, std::pair{0.25F, -2.0F}}) {
        Term term;
        term.cell = make_cell("blocks.0.attn.pattern", {1, 3, 0}, weight);
        term.times = Factor{make_cell("blocks.0.attn.v", {1, 0, 5}, value), "", 1};
        term.contribution = static_cast<double>(weight) * static_cast<double>(value);
        explanation.terms.push_back(term);
    }
    return explanation;
}

}  // namespace

TEST_SUITE_BEGIN("app/views/explanation_text");

TEST_CASE("a formula becomes LaTeX that says the same") {
    CHECK(formula_to_latex("z[h,t,k] = sum_s pattern[h,t,s] * v[h,s,k]") ==
          "z_{h,t,k} = \\sum_{s} \\mathrm{pattern}_{h,t,s} \\cdot v_{h,s,k}");
    CHECK(formula_to_latex("scaled[h,t,s] = dots[h,t,s] * (1 / sqrt(32))") ==
          "\\mathrm{scaled}_{h,t,s} = \\mathrm{dots}_{h,t,s} \\cdot (1 / \\sqrt{32})");
    CHECK(formula_to_latex("q[h,t,k] = sum_d ln1[t,d] * W_Q[d,h,k] + b_Q[h,k]") ==
          "q_{h,t,k} = \\sum_{d} \\mathrm{ln1}_{t,d} \\cdot (W_{Q})_{d,h,k} + (b_{Q})_{h,k}");
    CHECK(formula_to_latex("-inf where s <= t") == "-\\infty \\mathrm{where} s \\le t");
}

TEST_CASE("as LaTeX the formula and its numbers are aligned at their signs of equality") {
    CHECK(write_as_latex(make_sum()) ==
          "\\begin{aligned}\n"
          "z_{h,t,k} &= \\sum_{s} \\mathrm{pattern}_{h,t,s} \\cdot v_{h,s,k} \\\\\n"
          "0.5 &= 0.5 \\cdot 2 + 0.25 \\cdot -2\n"
          "\\end{aligned}\n");
}

TEST_CASE("as text every term stands with what it adds and the sum so far") {
    const std::string text = write_as_text(make_sum());
    CHECK(text.find("blocks.0.attn.z[1,3,5] = 0.5\n") == 0);
    CHECK(text.find("adds 1, so far 1\n") != std::string::npos);
    CHECK(text.find("adds -0.5, so far 0.5\n") != std::string::npos);
}

TEST_SUITE_END();
