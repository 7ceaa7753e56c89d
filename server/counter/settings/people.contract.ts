import { z } from 'zod'
import {
  clearable,
  email,
  flag,
  id,
  name,
  newPassword,
  oneOf,
  optional,
  phone,
  text,
} from '../../http/fields.contract.ts'
import { Pin } from '../session/setup.contract.ts'

/** What people do here: `staff` works repairs and takes money, an `evaluator` judges devices, an `admin` does everything. */
export const JOBS = ['staff', 'evaluator', 'admin'] as const

/** Somebody who works here, or did. */
export const Colleague = z.object({
  id: id(),
  full_name: text(),
  phone: text().nullable(),
  email: text().nullable(),
  job: oneOf(JOBS),
  /** Of staff: whether they approve what others may not do alone. */
  is_lead: flag(),
  /** False for who has left: nothing is answered to them any more. */
  is_active: flag(),
  has_pin: flag(),
  /** The one store that they work at; null for all. */
  works_at: id().nullable(),
})
export const Colleagues = z.array(Colleague)

/**
 * Where somebody may be said to work, by whoever asks at this machine: `all` for the whole fleet, and stores. Empty where there is
 * no choice.
 */
export const Reaches = z.object({ all: flag(), stores: z.array(z.object({ id: id(), name: text() })) })

export const NewColleague = z.object({
  full_name: name(),
  phone: phone(),
  email: optional(email()),
  job: oneOf(JOBS),
  is_lead: optional(flag()),
  /** One store, or null for all; left out, where whoever adds them may say so. */
  works_at: clearable(id()),
  password: newPassword(),
  /** Free at this terminal, as `GET /session/offered-pin` offers one. */
  pin: optional(Pin),
})

export const ColleagueChange = z.object({
  full_name: optional(name()),
  phone: clearable(phone()),
  email: clearable(email()),
  job: optional(oneOf(JOBS)),
  is_lead: optional(flag()),
  works_at: clearable(id()),
  is_active: optional(flag()),
})

/** Free at this terminal, as `GET /session/offered-pin` offers one. */
export const NewPinOf = z.object({ pin: Pin })

/** For somebody who has forgotten it. */
export const ResetPassword = z.object({ password: newPassword() })
