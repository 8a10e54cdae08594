"""What the findings are worth together: overlap-free total by a joint counterfactual, ranking, what to stop, the plan."""
