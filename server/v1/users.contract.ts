import { z } from 'zod'
import {
  email,
  flag,
  id,
  instant,
  name,
  newPassword,
  optional,
  phone,
  text,
  pictureAddress,
} from '../http/fields.contract.ts'

/** A person; `phone` is null for who registered by e-mail alone. */
export const User = z.object({
  id: id(),
  full_name: text(),
  phone: text().nullable(),
  email: text().nullable(),
  profile_picture: text().nullable(),
  is_active: flag(),
  is_staff: flag(),
  created_at: instant(),
})

export const Registration = z.object({
  full_name: name(),
  phone: phone(),
  email: optional(email()),
  password: newPassword(),
})

export const NewUser = Registration.extend({ is_staff: optional(flag()) })

export const UserChanges = z.object({
  full_name: optional(name()),
  email: optional(email()),
  profile_picture: optional(pictureAddress()),
  /** Heard from admins alone. */
  is_active: optional(flag()),
})

export const UserId = z.object({ user_id: id() })
